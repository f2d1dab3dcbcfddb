using System.Collections.Concurrent;
using System.Net;

namespace MailServer.Host.Tests;

/// <summary>A backup that is taken while mail comes in holds every message that was answered 250 before it began.</summary>
public sealed class BackupUnderLoadTests : IDisposable
{
    private const int Senders = 4;
    private const int SentBefore = 200;

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("mailserver-backup-");

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public async Task Every_message_answered_before_a_backup_began_is_in_it()
    {
        var restored = _parent.CreateSubdirectory("restored").FullName;
        string[] before;
        using (var server = MailServerProcess.Start("--data", At("data"), "--smtp", "127.0.0.1:0", "--pop3", "127.0.0.1:0"))
        {
            var smtp = await server.WaitUntilListeningAsync("SMTP");
            var answered = new ConcurrentQueue<string>();
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var isBackedUp = new CancellationTokenSource();
            var senders = Enumerable.Range(0, Senders).Select(sender => SendAsync(smtp, sender, answered, enough, isBackedUp.Token)).ToList();
            await await Task.WhenAny(enough.Task, Task.WhenAll(senders));

            do
            {
                // One during which no mail came in would show nothing.
                before = [.. answered];
                await RunAsync("backup", "--force", At("backup.db"), "--data", At("data"));
            }
            while (answered.Count == before.Length);
            await isBackedUp.CancelAsync();
            await Task.WhenAll(senders);
        }

        File.Copy(At("backup.db"), Path.Combine(restored, "mail.db"));
        await RunAsync("check", "--data", restored);
        await RunAsync("export", "--user", "bob", "--format", "mbox", At("bob.mbox"), "--data", restored);
        var lines = (await File.ReadAllLinesAsync(At("bob.mbox"))).ToHashSet(StringComparer.Ordinal);
        Assert.All(before, subject => Assert.Contains($"Subject: {subject}", lines));
    }

    private static async Task SendAsync(
        IPEndPoint smtp, int sender, ConcurrentQueue<string> answered, TaskCompletionSource enough, CancellationToken isBackedUp)
    {
        using var client = await MailTestClient.ConnectAsync(smtp);
        await client.ReadLineAsync();
        // All say it at once: whoever comes second speaks as the account too.
        await client.SendAsync("HELO bob\r\n");
        await client.ReadLineAsync();
        for (var count = 0; !isBackedUp.IsCancellationRequested; count++)
        {
            var subject = $"{sender}-{count}";
            await client.SendAsync($"MAIL FROM:<@ME>\r\nRCPT TO:<bob>\r\nDATA\r\nSubject: {subject}\r\n\r\n{new string('x', 900)}\r\n.\r\n");
            var replies = new List<string?>();
            while (replies.Count < 4)
                replies.Add(await client.ReadLineAsync());
            Assert.True(replies[3]!.StartsWith("250 2.0.0 ", StringComparison.Ordinal), string.Join(" | ", replies));
            answered.Enqueue(subject);
            if (answered.Count >= SentBefore)
                enough.TrySetResult();
        }
    }

    private static async Task RunAsync(params string[] arguments)
    {
        var (code, output, errors) = await MailServerProcess.RunAsync(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: exit code {code}: {output}{errors}");
    }

    private string At(string name) => Path.Combine(_parent.FullName, name);
}
