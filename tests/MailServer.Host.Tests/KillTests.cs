using System.Collections.Concurrent;
using System.Net;

namespace MailServer.Host.Tests;

/// <summary>A 250 means on disk: the program is killed in the middle of deliveries and started again.</summary>
public sealed class KillTests : IDisposable
{
    private const int Senders = 8;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("mailserver-kill-");

    public void Dispose() => _data.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(300)]
    public async Task Every_message_answered_250_is_there_once_after_a_kill(int acknowledgedBeforeKill)
    {
        if (OperatingSystem.IsWindows())
            return;
        var acknowledged = new ConcurrentBag<string>();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (var server = Serve())
        {
            var smtp = await server.WaitUntilListeningAsync("SMTP");
            await server.WaitUntilListeningAsync("POP3");
            using (var first = await MailTestClient.ConnectAsync(smtp))
            {
                await first.SendAsync("HELO box\r\nQUIT\r\n");
                await first.ReadToEndAsync();
            }

            var senders = Enumerable.Range(0, Senders).Select(sender => DeliverUntilCutAsync(smtp, sender, subject =>
            {
                acknowledged.Add(subject);
                if (acknowledged.Count >= acknowledgedBeforeKill)
                    enough.TrySetResult();
            })).ToList();
            await enough.Task;
            await server.SignalAsync("KILL");
            await Task.WhenAll(senders);
        }

        using var again = Serve();
        await again.WaitUntilListeningAsync("SMTP");
        using var reader = await MailTestClient.ConnectAsync(await again.WaitUntilListeningAsync("POP3"));
        await reader.SendAsync("USER box\r\nRETR\r\nQUIT\r\n");
        var stored = (await reader.ReadToEndAsync()).Split("\r\n").Where(line => line.StartsWith("Subject: ", StringComparison.Ordinal)).ToList();

        Assert.Equal(stored.Count, stored.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(acknowledged.Except(stored, StringComparer.Ordinal));
    }

    private MailServerProcess Serve() => MailServerProcess.Start("--data", _data.FullName, "--smtp", "0", "--pop3", "0");

    private static async Task DeliverUntilCutAsync(IPEndPoint smtp, int sender, Action<string> onAcknowledged)
    {
        try
        {
            using var client = await MailTestClient.ConnectAsync(smtp);
            await client.ReadLineAsync();
            await client.SendAsync("HELO client.test\r\n");
            await client.ReadLineAsync();
            for (var number = 0; ; number++)
            {
                var subject = $"Subject: {sender}.{number}";
                await client.SendAsync($"MAIL FROM:<a@b.test>\r\nRCPT TO:<box>\r\nDATA\r\n{subject}\r\n\r\ntext\r\n.\r\n");
                string? answer = null;
                for (var replies = 0; replies < 4; replies++)
                    answer = await client.ReadLineAsync();
                if (answer is null)
                    return;
                Assert.StartsWith("250 2.0.0 ", answer, StringComparison.Ordinal);
                onAcknowledged(subject);
            }
        }
        catch (IOException)
        {
            // The server was killed.
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The server was killed.
        }
    }
}
