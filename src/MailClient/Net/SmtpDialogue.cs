using System.Net.Sockets;
using System.Text;
using MailClient.Mime;

namespace MailClient.Net;

/// <summary>An answer: its code and the texts of its lines (RFC 5321 4.2.1).</summary>
internal sealed record SmtpAnswer(int Code, IReadOnlyList<string> Lines)
{
    public bool IsPositive => Code is >= 200 and < 400;

    public override string ToString() => TerminalText.Cut(TerminalText.OneLine($"{Code} {string.Join(" ", Lines)}"), 300);
}

/// <summary>The client's side of SMTP (RFC 5321), with STARTTLS (3207), AUTH (4954), SIZE (1870) and SMTPUTF8 (6531).</summary>
internal sealed class SmtpDialogue : IAsyncDisposable
{
    private const int MaxLines = 500;

    // RFC 5321 4.5.3.2.6: the server may need ten minutes to make sure of the message.
    private static readonly TimeSpan FinalDotPatience = TimeSpan.FromMinutes(10);

    private readonly MailConnection _connection;
    private readonly Dictionary<string, string> _extensions = new(StringComparer.OrdinalIgnoreCase);

    private SmtpDialogue(MailConnection connection) => _connection = connection;

    /// <summary>True when the server offers a login.</summary>
    public bool OffersLogin => _extensions.ContainsKey("AUTH");

    /// <summary>Greets the server, and goes on under TLS if it offers that. Owns the connection.</summary>
    public static async Task<SmtpDialogue> OpenAsync(MailConnection connection, CertificateTrust trust)
    {
        var dialogue = new SmtpDialogue(connection);
        await connection.WaitForGreetingAsync();
        Require(await dialogue.ReadAnswerAsync(), $"{connection.Address} does not greet as a mail server does");
        await dialogue.GreetAsync();
        if (!connection.IsEncrypted && dialogue._extensions.ContainsKey("STARTTLS"))
        {
            Require(await dialogue.AskAsync("STARTTLS"), $"{connection.Address} offers TLS and refuses it");
            await connection.StartTlsAsync(trust);
            await dialogue.GreetAsync();
        }

        return dialogue;
    }

    /// <summary>Logs in by AUTH PLAIN, or by AUTH LOGIN where that is all there is.</summary>
    public async Task LogInAsync(Credentials credentials)
    {
        var mechanisms = _extensions.GetValueOrDefault("AUTH", "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        SmtpAnswer answer;
        if (mechanisms.Contains("PLAIN", StringComparer.OrdinalIgnoreCase))
        {
            answer = await AskAsync($"AUTH PLAIN {Base64($"\0{credentials.User}\0{credentials.Password}")}");
        }
        else if (mechanisms.Contains("LOGIN", StringComparer.OrdinalIgnoreCase))
        {
            answer = await AskAsync("AUTH LOGIN");
            foreach (var response in new[] { credentials.User, credentials.Password })
                answer = answer.Code == 334 ? await AskAsync(Base64(response)) : answer;
        }
        else
        {
            throw new ClientFault($"{_connection.Address} offers no login that this client knows; without --user it may take the message");
        }

        if (answer.Code != 235)
            throw new LoginFault($"the login as {credentials.User} failed: {answer}");
    }

    /// <summary>Sends a message to all its recipients, or to nobody when one of them is refused.</summary>
    public async Task SendAsync(OutgoingMessage message, TimeProvider clock, IProgress<long>? progress)
    {
        var writer = new MessageWriter(message, clock);
        Require(await AskAsync($"MAIL FROM:<{message.From}>{Parameters(message, writer)}"), $"the sender {message.From} is refused");
        var refused = new List<string>();
        foreach (var recipient in message.To)
        {
            if (await AskAsync($"RCPT TO:<{recipient}>") is { IsPositive: false } refusal)
                refused.Add($"{recipient} ({refusal})");
        }

        if (refused.Count > 0)
        {
            await AskAsync("RSET");
            throw new ClientFault($"nothing was sent, because the server refuses {string.Join(" and ", refused)}");
        }

        Require(await AskAsync("DATA"), "the server does not take the message");
        await _connection.WriteTextAsync(writer.WriteAsync, progress);
        _connection.Patience = FinalDotPatience;
        Require(await ReadAnswerAsync(), "the server did not take the message");
    }

    /// <summary>Says goodbye. What was sent is safe whatever the answer is.</summary>
    public async Task QuitAsync()
    {
        try
        {
            await AskAsync("QUIT");
        }
        catch (Exception exception) when (Faults.IsExpected(exception))
        {
            // The message is taken already.
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static void Require(SmtpAnswer answer, string problem)
    {
        if (!answer.IsPositive)
            throw new ClientFault($"{problem}: {answer}");
    }

    private string Parameters(OutgoingMessage message, MessageWriter writer)
    {
        var size = _extensions.ContainsKey("SIZE") ? $" SIZE={writer.EstimatedOctets}" : "";
        if (message.To.Append(message.From).All(address => Ascii.IsValid(address)))
            return size;
        return _extensions.ContainsKey("SMTPUTF8")
            ? size + (_extensions.ContainsKey("8BITMIME") ? " BODY=8BITMIME" : "") + " SMTPUTF8"
            : throw new ClientFault($"{_connection.Address} takes only addresses in ASCII letters");
    }

    // An address literal, since a desk's machine has no name that others know (RFC 5321 4.1.3).
    private async Task GreetAsync()
    {
        var name = _connection.Local switch
        {
            { AddressFamily: AddressFamily.InterNetwork } local => $"[{local.Address}]",
            { Address.IsIPv4MappedToIPv6: true } local => $"[{local.Address.MapToIPv4()}]",
            { } local => $"[IPv6:{local.Address.ToString().Split('%')[0]}]",
            null => "[127.0.0.1]",
        };
        _extensions.Clear();
        var answer = await AskAsync($"EHLO {name}");
        if (!answer.IsPositive)
        {
            Require(await AskAsync($"HELO {name}"), $"{_connection.Address} does not return the greeting");
            return;
        }

        foreach (var line in answer.Lines.Skip(1))
        {
            var words = line.Split(' ', 2);
            _extensions[words[0]] = words.Length > 1 ? words[1] : "";
        }
    }

    private async Task<SmtpAnswer> AskAsync(string command)
    {
        await _connection.WriteLinesAsync(command);
        return await ReadAnswerAsync();
    }

    private async Task<SmtpAnswer> ReadAnswerAsync()
    {
        var lines = new List<string>();
        while (lines.Count < MaxLines)
        {
            var line = await _connection.ReadLineAsync();
            if (line.Length < 3 || !line[..3].All(char.IsAsciiDigit) || (line.Length > 3 && line[3] is not (' ' or '-')))
                throw new ClientFault($"{_connection.Address} does not answer as SMTP does: {TerminalText.Cut(TerminalText.OneLine(line), 80)}");
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ')
                return new(int.Parse(line.AsSpan(0, 3), null), lines);
        }

        throw new ClientFault($"{_connection.Address} answers without end");
    }
}
