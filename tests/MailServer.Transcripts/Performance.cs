using System.Globalization;
using System.Text;
using Xunit.Sdk;

namespace MailServer.Transcripts;

/// <summary>One transcript on one player: plays it to its end, and tells the whole conversation when it goes wrong.</summary>
public sealed class Performance
{
    // RFC 5321 4.5.3.1.5.
    private const int LongestSmtpReplyLine = 512;

    private readonly Transcript _transcript;
    private readonly Player _player;
    private readonly string _playerName;
    private readonly SortedDictionary<int, PlayedClient> _clients = [];
    private readonly List<string> _said = [];
    private readonly Dictionary<int, List<string>> _rest = [];
    private readonly HashSet<int> _isClosed = [];

    private Performance(Transcript transcript, Player player, string playerName)
    {
        _transcript = transcript;
        _player = player;
        _playerName = playerName;
    }

    public static Task PlayAsync(Transcript transcript, Player player, string playerName) =>
        new Performance(transcript, player, playerName).PlayAsync();

    private async Task PlayAsync()
    {
        var steps = _transcript.Steps;
        for (var i = 0; i < steps.Count;)
        {
            if (steps[i] is not ExpectAmong)
                _rest.Clear();
            if (steps[i] is Send send)
            {
                i = await SendAsync(i, send);
                continue;
            }

            await PlayAsync(steps[i]);
            i++;
        }

        foreach (var number in _clients.Keys)
            await FinishAsync(number, steps[^1].Line);
    }

    // What one client says before anybody else does something goes out in one piece: that is pipelining.
    private async Task<int> SendAsync(int from, Send first)
    {
        var steps = _transcript.Steps;
        var client = await ClientAsync(first.Client, first.Line);
        if (client.Unread is { Length: > 0 } unread)
            throw Wrong(first.Line, "The server said more than was expected before this line", came: unread);
        var octets = new List<byte>();
        var to = from;
        for (; to < steps.Count && steps[to] is Send send && send.Client == first.Client; to++)
        {
            Note(send.Line, send.Text);
            octets.AddRange(send.Octets);
        }

        if (_isClosed.Contains(first.Client))
            throw Wrong(first.Line, "The connection is closed already");
        await Guard(first.Line, () => client.SendAsync(octets.ToArray()));
        return to;
    }

    private async Task PlayAsync(Step step)
    {
        switch (step)
        {
            case Expect expect:
                var line = await ReadAsync(expect.Client, expect.Line, expect.Text);
                if (!expect.Pattern.Matches(line))
                    throw Wrong(expect.Line, "Another line was expected", expect.Text);
                break;
            case ExpectRest rest:
                _ = await ReadRestAsync(rest.Client, rest.Line, rest.Text);
                break;
            case ExpectAmong among:
                if (!_rest.TryGetValue(among.Client, out var lines))
                    _rest[among.Client] = lines = await ReadRestAsync(among.Client, among.Line, among.Text);
                if (lines.Any(among.Pattern.Matches) != among.IsThere)
                    throw Wrong(among.Line, among.IsThere ? "No line of the reply is like this" : "A line of the reply is like this", among.Text);
                break;
            case ExpectClosed closed:
                Note(closed.Line, closed.Text);
                var client = await ClientAsync(closed.Client, closed.Line);
                if (client.Unread is { Length: > 0 } unread)
                    throw Wrong(closed.Line, "The server said more before it closed", came: unread);
                if (!await client.IsClosedAsync())
                    throw Wrong(closed.Line, "The server has not closed the connection");
                _isClosed.Add(closed.Client);
                break;
            case HangUp hangUp:
                Note(hangUp.Line, hangUp.Text);
                await Guard(hangUp.Line, (await ClientAsync(hangUp.Client, hangUp.Line)).HangUpAsync);
                _isClosed.Add(hangUp.Client);
                break;
            case StartTls upgrade:
                Note(upgrade.Line, upgrade.Text);
                await Guard(upgrade.Line, (await ClientAsync(upgrade.Client, upgrade.Line)).StartTlsAsync);
                break;
            case StopServer stop:
                Note(stop.Line, stop.Text);
                await Guard(stop.Line, _player.StopAsync);
                break;
            case LetTimePass pass:
                Note(pass.Line, pass.Text);
                await Guard(pass.Line, () => _player.AdvanceAsync(pass.Time));
                break;
            case SetFault fault:
                Note(fault.Line, fault.Text);
                _player.SetFault(fault.Operation, fault.Fault);
                break;
            case Deliver deliver:
                Note(deliver.Line, deliver.Text);
                await Guard(deliver.Line, () => _player.DeliverAsync(deliver.Message));
                break;
            case ExpectAccount account:
                Note(account.Line, account.Text);
                if (await _player.MessagesOfAsync(account.Account) is null == account.IsThere)
                    throw Wrong(account.Line, account.IsThere ? "There is no such account" : "There is such an account");
                break;
            case ExpectStored stored:
                await CompareAsync(stored);
                break;
        }
    }

    private async Task CompareAsync(ExpectStored stored)
    {
        Note(stored.Line, stored.Text);
        var messages = await _player.MessagesOfAsync(stored.Account) ?? throw Wrong(stored.Line, $"There is no account {stored.Account}");
        if (messages.Count != stored.Count)
            throw Wrong(stored.Line, $"In the mailbox lie {messages.Count} messages", came: [.. messages.SelectMany(message => message)]);
        for (var i = 0; stored.Messages is not null && i < messages.Count; i++)
        {
            var lines = Lines(messages[i]);
            if (!Matches(stored.Messages[i], 0, lines, 0))
                throw Wrong(stored.Line, $"Message {i + 1} of {messages.Count} is another", came: messages[i]);
        }
    }

    private async Task FinishAsync(int number, int lastLine)
    {
        var client = _clients[number];
        if (!_isClosed.Contains(number) && client.Unread.Length == 0 && await IsClosedUnexpectedlyAsync(number))
            throw Wrong(lastLine, $"The server has closed, which the transcript does not say (@closed{(number == 1 ? "" : $" {number}")})");
        var rest = await client.FinishAsync();
        if (rest.Length > 0)
            throw Wrong(lastLine, $"The server said more to client {number} than the transcript expects", came: rest);
    }

    // Only a player without a wire can tell at once; on a socket the waiting would cost more than the check is worth.
    private async Task<bool> IsClosedUnexpectedlyAsync(int number) => _player is DirectPlayer && await _clients[number].IsClosedAsync();

    private async Task<PlayedClient> ClientAsync(int number, int line)
    {
        if (!_clients.TryGetValue(number, out var client))
        {
            await Guard(line, async () => client = await _player.ConnectAsync());
            _clients.Add(number, client!);
        }

        return client!;
    }

    private async Task<string> ReadAsync(int number, int line, string text)
    {
        var client = await ClientAsync(number, line);
        byte[]? octets = null;
        await Guard(line, async () => octets = await client.ReadLineAsync());
        if (octets is null)
            throw Wrong(line, client.Unread.Length == 0 ? "The server said nothing" : "The server's line does not end", text, client.Unread);
        if (_transcript.Protocol == TranscriptProtocol.Smtp && octets.Length + 2 > LongestSmtpReplyLine)
            throw Wrong(line, $"A line of a reply has at most {LongestSmtpReplyLine} octets", text, octets);
        Note(line, $"S{(number == 1 ? "" : number)}: {TranscriptOctets.Shown(octets)}");
        return TranscriptOctets.ToLatin(octets);
    }

    // The lines of the rest; for SMTP without code and separator.
    private async Task<List<string>> ReadRestAsync(int number, int line, string text)
    {
        var lines = new List<string>();
        while (true)
        {
            var read = await ReadAsync(number, line, text);
            if (_transcript.Protocol == TranscriptProtocol.Pop3)
            {
                if (read == ".")
                    return lines;
                lines.Add(read);
                continue;
            }

            if (read.Length < 4 || read[3] is not (' ' or '-'))
                throw Wrong(line, "This is no line of a reply");
            lines.Add(read[4..]);
            if (read[3] == ' ')
                return lines;
        }
    }

    private async Task Guard(int line, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception error) when (error is not XunitException)
        {
            throw Wrong(line, $"The server failed: {error}");
        }
    }

    private void Note(int line, string text) => _said.Add(string.Create(CultureInfo.InvariantCulture, $"{line,5}  {text}"));

    private XunitException Wrong(int line, string problem, string? expected = null, byte[]? came = null)
    {
        var report = new StringBuilder();
        report.Append(CultureInfo.InvariantCulture, $"{_transcript.File}:{line}: {problem}\n");
        report.Append(CultureInfo.InvariantCulture, $"  # {_transcript.Title}\n  played: {_playerName}\n\n");
        foreach (var said in _said)
            report.Append(CultureInfo.InvariantCulture, $"{said}\n");
        if (expected is not null)
            report.Append(CultureInfo.InvariantCulture, $"   !   expected {expected}\n");
        foreach (var octets in came is { Length: > 0 } ? Lines(came) : [])
            report.Append(CultureInfo.InvariantCulture, $"   !   came     {TranscriptOctets.Shown(octets)}\n");
        return new XunitException(report.ToString());
    }

    // Lines without their CRLF; what follows the last CRLF is a line of its own, and there is none when nothing does.
    private static List<string> Lines(byte[] octets)
    {
        var lines = TranscriptOctets.ToLatin(octets).Split("\r\n").ToList();
        if (lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    private static bool Matches(IReadOnlyList<LinePattern> patterns, int p, List<string> lines, int l)
    {
        if (p == patterns.Count)
            return l == lines.Count;
        if (patterns[p].IsGap)
            return Matches(patterns, p + 1, lines, l) || (l < lines.Count && Matches(patterns, p, lines, l + 1));
        return l < lines.Count && patterns[p].Matches(lines[l]) && Matches(patterns, p + 1, lines, l + 1);
    }
}
