using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;

namespace MailServer.Host.Tests;

public sealed class MetricsTests
{
    [Fact]
    public async Task Mail_in_and_out_logins_refusals_and_commits_can_be_measured()
    {
        var sums = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener();
        await using (var server = await TestServer.StartAsync(settings => settings with { BcryptCost = 4 }))
        {
            listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter == server.Servers.Metrics!.Meter)
                    self.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            listener.Start();

            await TalkAsync(server.Smtp, "HELO bob\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<no>\r\nRCPT TO:<bob>\r\nDATA\r\nSubject: x\r\n\r\ntext\r\n.\r\nQUIT\r\n");
            await TalkAsync(server.Pop3, "USER new\r\nPASS right\r\nQUIT\r\n");
            await TalkAsync(server.Pop3, "USER new\r\nPASS wrong\r\nUSER bob\r\nRETR 1\r\nDELE 1\r\nQUIT\r\n");
        }

        Assert.Equal(3, sums["mailserver.connections protocol=SMTP,outcome=taken"] + sums["mailserver.connections protocol=POP3,outcome=taken"]);
        Assert.Equal(0, sums["mailserver.connections.open protocol=SMTP"]);
        Assert.Equal(1, sums["mailserver.messages.received "]);
        Assert.Equal(20, sums["mailserver.messages.received.size "]);
        Assert.Equal(1, sums["mailserver.messages.retrieved "]);
        Assert.True(sums["mailserver.messages.retrieved.size "] > 20);
        Assert.Equal(1, sums["mailserver.messages.deleted "]);
        Assert.Equal(1, sums["mailserver.logins protocol=SMTP,outcome=accepted"]);
        Assert.Equal(2, sums["mailserver.logins protocol=POP3,outcome=accepted"]);
        Assert.Equal(1, sums["mailserver.logins protocol=POP3,outcome=refused"]);
        Assert.Equal(1, sums["mailserver.refusals protocol=SMTP,code=550 5.1.1"]);
        Assert.Equal(1, sums["mailserver.refusals protocol=POP3,code=AUTH"]);
        Assert.True(sums["mailserver.store.commit.operations "] >= 2);
        Assert.True(sums["mailserver.store.commit.duration "] > 0);

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var key = $"{instrument.Name} {string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}";
            sums.AddOrUpdate(key, value, (_, sum) => sum + value);
        }
    }

    private static async Task TalkAsync(IPEndPoint endPoint, string text)
    {
        using var client = await MailTestClient.ConnectAsync(endPoint);
        await client.SendAsync(text);
        client.EndSending();
        await client.ReadToEndAsync();
    }
}
