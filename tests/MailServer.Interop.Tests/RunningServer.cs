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

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mailserver-interop-");
    private readonly ConcurrentQueue<string> _log = new();
    private Composition? _server;
    private int _accounts;
    private int _folders;

    public int Smtp => _server!.SmtpEndPoints[0].Port;

    public int Smtps => _server!.SmtpEndPoints[1].Port;

    public int Pop3 => _server!.Pop3EndPoints[0].Port;

    public int Pop3s => _server!.Pop3EndPoints[1].Port;

    /// <summary>The file of the certificate that clients are told to trust.</summary>
    public string Certificate => Path.Combine(DataDirectory, "tls", "cert.pem");

    /// <summary>What it has logged so far, every line of every conversation included.</summary>
    public string Log => string.Join('\n', _log);

    private string DataDirectory => Path.Combine(_directory.FullName, "data");

    public async Task InitializeAsync()
    {
        var settings = new ServerSettings
        {
            DataDirectory = DataDirectory,
            Smtp = [EndPointText.Parse($"{Address}:0"), EndPointText.Parse($"{Address}:0/tls")],
            Pop3 = [EndPointText.Parse($"{Address}:0"), EndPointText.Parse($"{Address}:0/tls")],
            Transcript = true,
        };
        _server = await Composition.StartAsync(Choose(settings), TimeProvider.System, new ServerLog(_log));
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _directory.Delete(recursive: true);
    }

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
        await pop3.SayAsync("QUIT");
        await pop3.HearAsync("+OK");
        return account;
    }

    /// <summary>Makes a folder for the files of one client.</summary>
    public string AddFolder() => _directory.CreateSubdirectory($"client{Interlocked.Increment(ref _folders)}").FullName;

    /// <summary>Puts a message into an account's mailbox.</summary>
    public async Task DeliverAsync(TestAccount account, byte[] message)
    {
        using var smtp = await BeginAsync(account);
        await smtp.SayAsync("DATA");
        await smtp.HearAsync("354");
        await smtp.SendTextAsync(message);
        await smtp.HearAsync("250");
        await smtp.SayAsync("QUIT");
        await smtp.HearAsync("221");
    }

    /// <summary>Puts a message into an account's mailbox as one chunk of octets, which nothing in them can end.</summary>
    public async Task DeliverChunkAsync(TestAccount account, byte[] message)
    {
        using var smtp = await BeginAsync(account);
        await smtp.SendAsync([.. Encoding.ASCII.GetBytes($"BDAT {message.Length} LAST\r\n"), .. message]);
        await smtp.HearAsync("250");
        await smtp.SayAsync("QUIT");
        await smtp.HearAsync("221");
    }

    /// <summary>Every message of the account, oldest first, as the server has it.</summary>
    public async Task<List<byte[]>> ReadMailboxAsync(TestAccount account)
    {
        using var pop3 = await LogInAsync(account);
        await pop3.SayAsync("LIST");
        await pop3.HearAsync("+OK");
        var rows = await pop3.HearLinesAsync();
        var messages = new List<byte[]>();
        foreach (var row in rows)
        {
            await pop3.SayAsync($"RETR {row.Split(' ')[0]}");
            await pop3.HearAsync("+OK");
            var text = string.Concat((await pop3.HearLinesAsync()).Select(line => line + "\r\n"));
            Assert.Equal(row, $"{messages.Count + 1} {text.Length}");
            messages.Add(Encoding.Latin1.GetBytes(text));
        }

        await pop3.SayAsync("QUIT");
        await pop3.HearAsync("+OK");
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

    // A conversation that has come to the text.
    private async Task<Dialogue> BeginAsync(TestAccount account)
    {
        var smtp = await Dialogue.OpenAsync(Smtp);
        await smtp.HearAsync("220");
        string[] commands = ["EHLO client.test", $"MAIL FROM:<{Sender}>", $"RCPT TO:<{account.Name}>"];
        foreach (var command in commands)
        {
            await smtp.SayAsync(command);
            await smtp.HearAsync("250");
        }

        return smtp;
    }

    private async Task<Dialogue> LogInAsync(TestAccount account)
    {
        var pop3 = await Dialogue.OpenAsync(Pop3);
        await pop3.HearAsync("+OK");
        await pop3.SayAsync($"USER {account.Name}");
        await pop3.HearAsync("+OK");
        await pop3.SayAsync($"PASS {account.Password}");
        await pop3.HearAsync("+OK");
        return pop3;
    }
}
