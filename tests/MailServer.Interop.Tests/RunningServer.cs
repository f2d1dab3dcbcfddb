using System.Collections.Concurrent;
using System.Text;
using MailServer.Core.Sessions;
using MailServer.Settings;

namespace MailServer.Interop.Tests;

/// <summary>An account, whose password has a blank in it as passwords of people have.</summary>
public sealed record TestAccount(string Name)
{
    public string Address => $"{Name}@{RunningServer.Domain}";

    public string Password { get; init; } = "pass word";
}

/// <summary>
/// The server, as the program puts it together, for the tests of one class. It offers STARTTLS to everybody: all clients are on this
/// machine, and know its certificate.
/// </summary>
public class RunningServer : IAsyncLifetime
{
    public const string Address = "127.0.0.1";
    public const string Domain = "mail.test";
    public const string Sender = "carol@example.org";

    private readonly ConcurrentQueue<string> _log = new();
    private TestServer? _server;
    private int _accounts;

    public int Smtp => _server!.Smtp.Port;

    public int Smtps => _server!.SmtpTls.Port;

    public int Pop3 => _server!.Pop3.Port;

    public int Pop3s => _server!.Pop3Tls.Port;

    /// <summary>The file of the certificate that clients are told to trust.</summary>
    public string Certificate => _server!.CertificateFile;

    /// <summary>What it has logged so far, every line of every conversation included.</summary>
    public string Log => string.Join('\n', _log);

    public async Task InitializeAsync() =>
        _server = await TestServer.StartAsync(settings => Choose(settings with { Transcript = true }), new ServerLog(_log));

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    /// <summary>What these tests choose beyond where the server listens and where it keeps its files.</summary>
    protected virtual ServerSettings Choose(ServerSettings settings) => settings with
    {
        Hostname = Domain,
        Domains = [Domain],
        StartTls = StartTlsPolicy.Always,
        BcryptCost = 4,
    };

    /// <summary>Makes an account that no other test has.</summary>
    public Task<TestAccount> AddAccountAsync() => AddAccountAsync($"bob{Interlocked.Increment(ref _accounts)}");

    /// <summary>Makes an account of this name.</summary>
    public async Task<TestAccount> AddAccountAsync(string name)
    {
        var account = new TestAccount(name);
        using var pop3 = await LogInAsync(account);
        await pop3.ExpectAsync("QUIT", "+OK");
        return account;
    }

    /// <summary>Makes a folder for the files of one client.</summary>
    public string AddFolder() => _server!.NewFolder();

    /// <summary>Puts a message into an account's mailbox.</summary>
    public async Task DeliverAsync(TestAccount account, byte[] message)
    {
        using var smtp = await BeginAsync(account);
        await smtp.ExpectAsync("DATA", "354");
        await smtp.SendTextAsync(message);
        await smtp.ExpectAsync("250");
        await smtp.ExpectAsync("QUIT", "221");
    }

    /// <summary>Puts a message into an account's mailbox as one chunk of octets, which nothing in them can end.</summary>
    public async Task DeliverChunkAsync(TestAccount account, byte[] message)
    {
        using var smtp = await BeginAsync(account);
        await smtp.SendAsync($"BDAT {message.Length} LAST\r\n");
        await smtp.SendAsync(message);
        await smtp.ExpectAsync("250");
        await smtp.ExpectAsync("QUIT", "221");
    }

    /// <summary>Every message of the account, oldest first, as the server has it.</summary>
    public async Task<List<byte[]>> ReadMailboxAsync(TestAccount account)
    {
        using var pop3 = await LogInAsync(account);
        await pop3.ExpectAsync("LIST", "+OK");
        var rows = await pop3.ReadLinesAsync();
        var messages = new List<byte[]>();
        foreach (var row in rows!)
        {
            await pop3.ExpectAsync($"RETR {row.Split(' ')[0]}", "+OK");
            var text = string.Concat((await pop3.ReadLinesAsync())!.Select(line => line + "\r\n"));
            Assert.Equal(row, $"{messages.Count + 1} {text.Length}");
            messages.Add(Encoding.Latin1.GetBytes(text));
        }

        await pop3.ExpectAsync("QUIT", "+OK");
        return messages;
    }

    /// <summary>The only message of the account.</summary>
    public async Task<byte[]> ReadOnlyMessageAsync(TestAccount account) => Assert.Single(await ReadMailboxAsync(account));

    /// <summary>Runs a client in a folder of its own.</summary>
    internal Task<Outcome> RunAsync(string program, params string[] arguments) => RunAsync(program, arguments, []);

    /// <summary>Runs a client.</summary>
    /// <param name="input">What it reads from its standard input.</param>
    /// <param name="folder">Its home and working directory; null for a new one.</param>
    internal Task<Outcome> RunAsync(string program, string[] arguments, byte[] input, string? folder = null) =>
        ClientProcess.RunAsync(ClientProcess.Prepare(program, arguments, folder ?? AddFolder()), input, () => Log);

    /// <summary>A client of POP3 that holds the account's mailbox.</summary>
    public async Task<MailTestClient> LogInAsync(TestAccount account)
    {
        var pop3 = await MailTestClient.GreetedAsync(_server!.Pop3);
        await pop3.ExpectAsync(InUtf8($"USER {account.Name}"), "+OK");
        await pop3.ExpectAsync($"PASS {account.Password}", "+OK");
        return pop3;
    }

    // A conversation that has come to the text.
    private async Task<MailTestClient> BeginAsync(TestAccount account)
    {
        var smtp = await MailTestClient.GreetedAsync(_server!.Smtp);
        string[] commands = ["EHLO client.test", $"MAIL FROM:<{Sender}>", $"RCPT TO:<{InUtf8(account.Name)}>"];
        foreach (var command in commands)
            await smtp.ExpectAsync(command, "250");
        return smtp;
    }

    // A character of the client's text is an octet.
    private static string InUtf8(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
