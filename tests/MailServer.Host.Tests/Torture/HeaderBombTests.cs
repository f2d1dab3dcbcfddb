using Xunit.Abstractions;

namespace MailServer.Host.Tests.Torture;

/// <summary>What a header costs grows with its length, and with nothing else.</summary>
[Collection(TortureCollection.Name)]
[Trait("Category", "Torture")]
public sealed class HeaderBombTests(ITestOutputHelper output) : IDisposable
{
    private const int Growth = 4;
    private const double MaxFactor = 3;

    private static readonly string[] _readings = ["LIST 1", "TOP 1 0", "RETR 1"];

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("mailserver-bomb-");

    public void Dispose() => _data.Delete(recursive: true);

    [LinuxFact]
    public async Task A_header_bomb_costs_time_in_proportion_to_its_length_and_no_memory()
    {
        using var server = await TortureServer.StartAsync(_data.FullName, "--pop3-listing", "detailed");
        await server.MakeAccountsAsync("bob");
        await MeasureAsync(server, HeaderBombs.Rows[1].Text(1000));
        var rest = server.Resident;
        foreach (var (kind, size, text) in HeaderBombs.Rows)
        {
            var small = await MeasureAsync(server, text(size / Growth));
            var large = await MeasureAsync(server, text(size));
            foreach (var (name, perOctet) in large)
            {
                var factor = perOctet / small[name];
                output.WriteLine($"{size} {kind}, {name}: {small[name]:0.0} ns an octet at a quarter, {perOctet:0.0} at full size");
                if (Scale.IsFull)
                    Assert.True(factor < MaxFactor, $"{name} of {size} {kind} takes {factor:0.0} times as long an octet as of a quarter");
            }
        }

        output.WriteLine($"memory {rest >> 20} MB before, {server.PeakResident >> 20} MB at its peak");
        Assert.InRange(server.PeakResident, 0, 200L * 1024 * 1024);
    }

    // Nanoseconds on the processor for an octet of delivery and of each way to read, the best of a few; the mailbox is empty again afterwards.
    private static async Task<Dictionary<string, double>> MeasureAsync(TortureServer server, byte[] text)
    {
        var best = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var round = 0; round < Scale.Of(1, 3); round++)
        {
            using var sender = await MailTestClient.GreetedAsync(server.Smtp);
            foreach (var line in new[] { "EHLO client.test", "MAIL FROM:<a@b.test>", "RCPT TO:<bob>", "DATA" })
                await sender.AskAsync(line);
            await TimeAsync("delivery", async () =>
            {
                await sender.SendAsync(text);
                Assert.StartsWith("250", await sender.ReadReplyAsync(), StringComparison.Ordinal);
            });

            using var reader = await MailTestClient.GreetedAsync(server.Pop3);
            await reader.AskAsync("USER bob");
            foreach (var command in _readings)
            {
                await TimeAsync(command, async () =>
                {
                    Assert.StartsWith("+OK", await reader.AskAsync(command), StringComparison.Ordinal);
                    if (command != _readings[0])
                        Assert.NotNull(await reader.ReadLinesAsync());
                });
            }

            await reader.AskAsync("DELE 1");
            Assert.StartsWith("+OK", await reader.AskAsync("QUIT"), StringComparison.Ordinal);
        }

        return best;

        async Task TimeAsync(string name, Func<Task> work)
        {
            var start = server.ProcessorTime;
            await work();
            var perOctet = (server.ProcessorTime - start).TotalNanoseconds / text.Length;
            best[name] = Math.Min(best.GetValueOrDefault(name, double.MaxValue), perOctet);
        }
    }
}
