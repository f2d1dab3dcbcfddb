using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Core.Sessions;

namespace MailServer.Transcripts;

/// <summary>Reads a transcript; README.md has the format.</summary>
internal sealed partial class TranscriptParser
{
    private readonly string _file;
    private readonly string[] _lines;
    private readonly Givens _givens = new();
    private readonly List<Step> _steps = [];
    private int _next;

    private TranscriptParser(string file, string text)
    {
        _file = file;
        _lines = text.TrimEnd('\n').Split('\n');
    }

    public static Transcript Parse(string file, string text) => new TranscriptParser(file, text).Parse();

    private Transcript Parse()
    {
        if (_lines[0] is not ['#', ' ', .. var title])
            throw Bad(1, "The first line says what the transcript shows: # What.  RFC 5321 4.1.4");
        for (_next = 1; _next < _lines.Length;)
        {
            var number = ++_next;
            var line = _lines[number - 1];
            if (line.Trim().Length == 0 || line[0] == '#')
                continue;
            try
            {
                if (line[0] == '@')
                    ReadDirective(number, line);
                else
                    _steps.Add(ReadLine(number, line));
            }
            catch (Exception error) when (error is FormatException or IndexOutOfRangeException or ArgumentException)
            {
                throw Bad(number, $"{error.Message}\n    {line}");
            }
        }

        var protocol = _file.StartsWith("Pop3", StringComparison.OrdinalIgnoreCase) ? TranscriptProtocol.Pop3 : TranscriptProtocol.Smtp;
        return new(_file, title, protocol, _givens, _steps);
    }

    private FormatException Bad(int line, string problem) => new($"{_file}:{line}: {problem}");

    private static Step ReadLine(int number, string line)
    {
        if (SpokenLine().Match(line) is not { Success: true } spoken)
            throw new FormatException("A line begins with C: C~ S: S~ S+ S- @ or #");
        var (who, how, text) = (spoken.Groups["who"].Value, spoken.Groups["how"].Value, spoken.Groups["text"].Value);
        var client = spoken.Groups["client"].Value is [var digit] ? digit - '0' : 1;
        return (who, how) switch
        {
            ("C", ":") => new Send(number, line, client, TranscriptOctets.OfText(text + "\r\n")),
            ("C", "~") => new Send(number, line, client, TranscriptOctets.OfEscaped(text)),
            ("S", ":") when text == "..." => new ExpectRest(number, line, client),
            ("S", ":") => new Expect(number, line, client, Literal(text)),
            ("S", "~") => new Expect(number, line, client, Escaped(text)),
            ("S", "+" or "-") => new ExpectAmong(number, line, client, Literal(text), how == "+"),
            _ => throw new FormatException("The client's lines are C: and C~"),
        };
    }

    private static LinePattern Literal(string text) =>
        text is [.. var start, '*']
            ? new(TranscriptOctets.ToLatin(TranscriptOctets.OfText(start)), IsPrefix: true)
            : new(TranscriptOctets.ToLatin(TranscriptOctets.OfText(text)), IsPrefix: false);

    private static LinePattern Escaped(string text) =>
        text is [.. var start, '*']
            ? new(TranscriptOctets.ToLatin(TranscriptOctets.OfEscaped(start)), IsPrefix: true)
            : new(TranscriptOctets.ToLatin(TranscriptOctets.OfEscaped(text)), IsPrefix: false);

    private void ReadDirective(int number, string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case ["@given", "fault", "none"]:
                _steps.Add(new SetFault(number, line, "", null));
                break;
            case ["@given", "fault", var operation, var kind]:
                _steps.Add(new SetFault(number, line, operation, FaultOf(operation, kind)));
                break;
            case ["@given", ..] when _steps.Count > 0:
                throw new FormatException("What is given stands before the conversation; only a fault may begin later");
            case ["@given", .. var what]:
                ReadGiven(what, line);
                break;
            case ["@peer", var address]:
                _givens.Peer = new(IPAddress.Parse(address), _givens.Peer.IsEncrypted);
                break;
            case ["@plain"]:
                _givens.IsPlain = true;
                break;
            case ["@tls"]:
                _givens.Peer = new(_givens.Peer.Address, IsEncrypted: true);
                break;
            case ["@starttls", .. var client]:
                _steps.Add(new StartTls(number, line, ClientIn(client)));
                break;
            case ["@stop"]:
                _steps.Add(new StopServer(number, line));
                break;
            case ["@after", var count, var unit]:
                _steps.Add(new LetTimePass(number, line, Seconds(unit) * int.Parse(count, CultureInfo.InvariantCulture)));
                break;
            case ["@closed", .. var client]:
                _steps.Add(new ExpectClosed(number, line, ClientIn(client)));
                break;
            case ["@hang-up", .. var client]:
                _steps.Add(new HangUp(number, line, ClientIn(client)));
                break;
            case ["@account" or "@no-account", var name]:
                _steps.Add(new ExpectAccount(number, line, Name(name), words[0] == "@account"));
                break;
            case ["@deliver", var name]:
                _steps.Add(new Deliver(number, line, new(Name(name), ReadOctets())));
                break;
            case ["@stored", var name, var count]:
                var messages = ReadPatterns();
                var expected = int.Parse(count, CultureInfo.InvariantCulture);
                if (messages is not null && messages.Count != expected)
                    throw new FormatException($"The messages written out are {messages.Count}");
                _steps.Add(new ExpectStored(number, line, Name(name), expected, messages));
                break;
            default:
                throw new FormatException("Not a directive; README.md lists them");
        }
    }

    private void ReadGiven(string[] what, string line)
    {
        switch (what)
        {
            case ["account", var name]:
                _givens.Accounts.Add(new(Name(name), null));
                break;
            case ["account", var name, "password", _, ..]:
                var start = line.IndexOf(" password ", StringComparison.Ordinal) + " password ".Length;
                _givens.Accounts.Add(new(Name(name), line[start..]));
                break;
            case ["alias", var name, _, ..]:
                _givens.Aliases.Add(new(Name(name), [.. what[2..].Select(Name)]));
                break;
            case ["message", var name]:
                _givens.Messages.Add(new(Name(name), ReadOctets()));
                break;
            case ["limit", var name, var value]:
                _givens.Limits = WithLimit(_givens.Limits, name, int.Parse(value, CultureInfo.InvariantCulture));
                break;
            case ["registration", var policy]:
                _givens.Registration = Enum.Parse<RegistrationPolicy>(policy, ignoreCase: true);
                break;
            case ["listing", var listing]:
                _givens.Listing = Enum.Parse<Pop3Listing>(listing, ignoreCase: true);
                break;
            case ["bare-line-feed", var policy]:
                _givens.BareLineFeed = Enum.Parse<BareLineFeed>(policy, ignoreCase: true);
                break;
            case ["starttls", var policy]:
                _givens.StartTls = Enum.Parse<StartTlsPolicy>(policy, ignoreCase: true);
                break;
            case ["auth-without-tls"]:
                _givens.AuthWithoutTls = true;
                break;
            case ["catch-all", var name]:
                _givens.CatchAll = Name(name);
                break;
            case ["domains", _, ..]:
                _givens.Domains = what[1..];
                break;
            default:
                throw new FormatException("Not something that can be given; README.md lists them");
        }
    }

    private static MailLimits WithLimit(MailLimits limits, string name, int value) => name switch
    {
        "recipients" => limits with { Recipients = value },
        "command-line" => limits with { CommandLine = value },
        "unended-line" => limits with { UnendedLine = value },
        "mailbox-size" => limits with { MailboxSize = value },
        "message-size" => limits with { MessageSize = value },
        "hops" => limits with { Hops = value },
        "bad-commands" => limits with { BadCommands = value },
        "failed-logins" => limits with { FailedLogins = value },
        "failed-logins-per-address" => limits with { FailedLoginsPerAddress = value },
        _ => throw new FormatException("Not a limit that a transcript can set"),
    };

    private static Exception FaultOf(string operation, string kind) => kind == "broken"
        ? new BrokenStore($"A transcript wants {operation} to break")
        : new StoreFault(
            Enum.Parse<StoreFaultKind>(kind.Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
            $"A transcript wants {operation} to fail");

    private static AccountName Name(string text) => AccountName.TryParse(text, out var problem) ?? throw new FormatException(problem);

    private static int ClientIn(string[] words) => words switch
    {
        [] => 1,
        [var number] => int.Parse(number, CultureInfo.InvariantCulture),
        _ => throw new FormatException("One client at a time"),
    };

    private static TimeSpan Seconds(string unit) => unit switch
    {
        "s" => TimeSpan.FromSeconds(1),
        "min" => TimeSpan.FromMinutes(1),
        "h" => TimeSpan.FromHours(1),
        _ => throw new FormatException("Time is counted in s, min or h"),
    };

    // "| text" is a line, "|~ text" raw octets.
    private byte[] ReadOctets()
    {
        var octets = new List<byte>();
        for (; _next < _lines.Length && _lines[_next].StartsWith('|'); _next++)
            octets.AddRange(_lines[_next][1..] is ['~', .. var raw] ? TranscriptOctets.OfEscaped(WithoutBlank(raw)) : TranscriptOctets.OfText(WithoutBlank(_lines[_next][1..]) + "\r\n"));
        return [.. octets];
    }

    // "--" stands between two messages. Null when nothing is written out.
    private List<List<LinePattern>>? ReadPatterns()
    {
        if (_next >= _lines.Length || !_lines[_next].StartsWith('|'))
            return null;
        List<List<LinePattern>> messages = [[]];
        for (; _next < _lines.Length; _next++)
        {
            if (_lines[_next] == "--")
                messages.Add([]);
            else if (_lines[_next] is ['|', '~', .. var raw])
                messages[^1].Add(Escaped(WithoutBlank(raw)));
            else if (_lines[_next] is ['|', .. var text])
                messages[^1].Add(text == " ..." ? new("", IsPrefix: true, IsGap: true) : Literal(WithoutBlank(text)));
            else
                break;
        }

        return messages;
    }

    private static string WithoutBlank(string text) => text is [' ', .. var rest] ? rest : text;

    [GeneratedRegex("^(?<who>[CS])(?<client>[2-9]?)(?<how>[:~+-])( (?<text>.*))?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex SpokenLine();
}
