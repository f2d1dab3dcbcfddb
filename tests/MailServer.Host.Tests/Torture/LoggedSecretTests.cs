using System.Net;
using System.Runtime.Versioning;
using Xunit.Abstractions;

namespace MailServer.Host.Tests.Torture;

/// <summary>Whatever clients say and however they misspell it, no password and no message's text is written down.</summary>
[Trait("Category", "Torture")]
public sealed class LoggedSecretTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("mailserver-secrets-");
    private readonly Dictionary<string, string> _hidden = new(StringComparer.Ordinal);

    private string Data => Path.Combine(_parent.FullName, "data");

    public void Dispose() => _parent.Delete(recursive: true);

    [LinuxFact]
    public async Task Neither_console_nor_log_shows_a_password_or_the_text_of_a_message()
    {
        using var server = await TortureServer.StartAsync(Data, "--transcript", "--failed-logins", "1", "--pop3-listing", "detailed");
        Assert.Equal(0, (await MailServerProcess.RunAsync(["user", "add", "bob", "--password-stdin", "--data", Data], "right\n")).ExitCode);
        await server.MakeAccountsAsync("free");
        using (var sender = await MailTestClient.GreetedAsync(server.Smtp))
        {
            await sender.AskAsync("EHLO c.test");
            Hide("the message", ["unspoken"]);
            await sender.DeliverAsync("free", "Subject: unspoken\r\n\r\nunspoken");
        }

        // Wrong passwords are waited for, so many talk at once.
        (IPEndPoint EndPoint, string Conversation, bool IsEncrypted)[] talks =
        [
            .. SecretSpellings.Smtp.SelectMany(conversation => new[] { (server.Smtp, conversation, false), (server.SmtpTls, conversation, true) }),
            .. SecretSpellings.Pop3.SelectMany(conversation => new[] { (server.Pop3, conversation, false), (server.Pop3Tls, conversation, true) }),
        ];
        await Parallel.ForEachAsync(talks, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (talk, _) => await TalkAsync(talk.EndPoint, talk.Conversation, talk.IsEncrypted));

        Assert.Equal(0, (await server.StopAsync()).ExitCode);
        var log = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Path.Combine(Data, "logs"))));
        output.WriteLine($"{_hidden.Count / 3} secrets in {SecretSpellings.Smtp.Count + SecretSpellings.Pop3.Count} spellings, {log.Length} characters of log");
        Assert.Contains("PASS ***", log, StringComparison.Ordinal);
        Assert.Contains("AUTH ***", log, StringComparison.Ordinal);
        foreach (var written in new[] { log, server.Output })
            Assert.Empty(_hidden.Where(hidden => written.Contains(hidden.Key, StringComparison.OrdinalIgnoreCase)).Select(hidden => hidden.Value).Distinct(StringComparer.Ordinal));

        foreach (var file in Directory.GetFileSystemEntries(Data, "*", SearchOption.AllDirectories).Append(Data))
            Assert.True(OperatingSystem.IsWindows() || IsForOwnerOnly(file), $"{file} is open to others");
        foreach (var file in Directory.GetFiles(Data, "mail.db*"))
            Assert.DoesNotContain("right", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }

    [UnsupportedOSPlatform("windows")]
    private static bool IsForOwnerOnly(string file) =>
        (File.GetUnixFileMode(file) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)) == UnixFileMode.None;

    private void Hide(string conversation, IEnumerable<string> words)
    {
        foreach (var word in words)
            _hidden[word] = conversation;
    }

    private async Task TalkAsync(IPEndPoint endPoint, string conversation, bool isEncrypted)
    {
        string octets;
        lock (_hidden)
        {
            (octets, var hidden) = SecretSpellings.Fill(conversation, $"hush{_hidden.Count:00000}hush");
            Hide(conversation, hidden);
        }

        using var client = await MailTestClient.ConnectAsync(endPoint);
        if (isEncrypted)
            await client.StartTlsAsync();
        await client.SendAsync(octets);

        // A connection that was used up to its end has been answered in full.
        await client.SendAsync("QUIT\r\n");
        client.EndSending();
        await client.ReadToEndAsync();
    }
}
