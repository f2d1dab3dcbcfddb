using System.Globalization;
using System.Text;

namespace MailClient.Net;

/// <summary>A message of the mailbox.</summary>
/// <param name="UniqueId">The server's lasting name for it, or null where the server has none.</param>
internal sealed record MailboxEntry(int Number, long Octets, string? UniqueId);

/// <summary>The client's side of POP3 (RFC 1939), with CAPA (2449), STLS (2595) and SASL PLAIN (5034).</summary>
internal sealed class Pop3Dialogue : IAsyncDisposable
{
    // Commands on the way at a time: few enough that neither side waits for the other to read (RFC 2449 6.8).
    private const int PipelineDepth = 50;

    private readonly MailConnection _connection;
    private readonly Dictionary<string, string> _capabilities = new(StringComparer.OrdinalIgnoreCase);
    private bool _isDetailed;

    private Pop3Dialogue(MailConnection connection) => _connection = connection;

    /// <summary>True when QUIT will delete something.</summary>
    public bool HasDeletions { get; private set; }

    /// <summary>Takes the greeting, and goes on under TLS if the server offers that. Owns the connection.</summary>
    public static async Task<Pop3Dialogue> OpenAsync(MailConnection connection, CertificateTrust trust)
    {
        var dialogue = new Pop3Dialogue(connection);
        await connection.WaitForGreetingAsync();
        var greeting = await connection.ReadLineAsync();
        if (!greeting.StartsWith("+OK", StringComparison.Ordinal))
            throw new ClientFault($"{connection.Address} does not greet as a mailbox server does: {Safe(greeting)}");
        await dialogue.ReadCapabilitiesAsync();
        if (!connection.IsEncrypted && dialogue._capabilities.ContainsKey("STLS"))
        {
            await dialogue.AskAsync("STLS");
            await connection.StartTlsAsync(trust);
            await dialogue.ReadCapabilitiesAsync();
        }

        return dialogue;
    }

    /// <summary>Logs in by USER and PASS, or by AUTH PLAIN where USER is not offered.</summary>
    public async Task LogInAsync(Credentials credentials)
    {
        var isSasl = _capabilities.TryGetValue("SASL", out var mechanisms) && mechanisms.Split(' ').Contains("PLAIN", StringComparer.OrdinalIgnoreCase);
        if (isSasl && !_capabilities.ContainsKey("USER"))
        {
            var response = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{credentials.User}\0{credentials.Password}"));
            await LogInByAsync(credentials, $"AUTH PLAIN {response}");
        }
        else
        {
            await LogInByAsync(credentials, $"USER {credentials.User}");
            await LogInByAsync(credentials, $"PASS {credentials.Password}");
        }
    }

    /// <summary>Every message of the mailbox.</summary>
    public async Task<IReadOnlyList<MailboxEntry>> ListAsync()
    {
        await AskAsync("LIST");
        var rows = await ReadLinesAsync();
        var uniqueIds = new Dictionary<int, string>();
        if (await TryAskAsync("UIDL") is null)
        {
            foreach (var row in await ReadLinesAsync())
            {
                if (row.Split(' ', 2) is [var number, var uniqueId])
                    uniqueIds[Number(number)] = uniqueId.Trim();
            }
        }

        // Classroom servers answer in rows of `id, sender, subject, size`, and RETR likewise: see RetrieveAsync.
        _isDetailed = rows.Exists(row => row.Contains(", ", StringComparison.Ordinal));
        return [.. rows.Select(row => Entry(row, uniqueIds))];
    }

    /// <summary>Reads headers, many at a time where the server can, and hands each to the caller in turn.</summary>
    public async Task ReadHeadersAsync(IReadOnlyList<int> numbers, Action<int, byte[]> take)
    {
        var depth = _capabilities.ContainsKey("PIPELINING") ? PipelineDepth : 1;
        for (var sent = 0; sent < numbers.Count; sent += depth)
        {
            var batch = numbers.Skip(sent).Take(depth).ToList();
            await _connection.WriteLinesAsync(batch.Select(number => $"TOP {number} 0"));
            var failed = new List<int>();
            foreach (var number in batch)
            {
                if (await ReadStatusAsync() is null)
                    take(number, await ReadHeaderAsync());
                else
                    failed.Add(number);
            }

            // TOP is optional in RFC 1939.
            foreach (var number in failed)
            {
                await AskAsync($"RETR {number}", $"message {number} cannot be read");
                take(number, await ReadHeaderAsync());
            }
        }
    }

    /// <summary>Writes a message into a stream as the server has it.</summary>
    public async Task RetrieveAsync(int number, Stream output, IProgress<long>? progress, long limit = long.MaxValue)
    {
        // A server whose RETR tells about the message instead of sending it has a TOP that sends it.
        await AskAsync(_isDetailed ? $"TOP {number} {int.MaxValue}" : $"RETR {number}", $"message {number} cannot be read");
        await _connection.ReadTextAsync(new StreamSink(output, progress, limit));
    }

    /// <summary>Marks a message; the server deletes it at QUIT.</summary>
    public async Task DeleteAsync(int number)
    {
        await AskAsync($"DELE {number}", $"message {number} cannot be deleted");
        HasDeletions = true;
    }

    /// <summary>Takes every mark back.</summary>
    public async Task UndeleteAsync()
    {
        await AskAsync("RSET");
        HasDeletions = false;
    }

    /// <summary>Ends the session, and so carries the deletions out. Throws <see cref="ClientFault"/> when the server could not.</summary>
    public async Task QuitAsync() => await AskAsync("QUIT", HasDeletions ? "the server may not have deleted everything" : "the server did not say goodbye");

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static string Safe(string text) => TerminalText.Cut(TerminalText.OneLine(text), 300);

    private MailboxEntry Entry(string row, Dictionary<int, string> uniqueIds)
    {
        var number = Number(row[..Math.Max(0, row.AsSpan().IndexOfAny(' ', ','))]);
        var size = row[(row.LastIndexOf(' ') + 1)..];
        return long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var octets)
            ? new(number, octets, uniqueIds.GetValueOrDefault(number))
            : throw Unexpected(row);
    }

    private int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Unexpected(text);

    private ClientFault Unexpected(string line) => new($"{_connection.Address} does not answer as POP3 does: {Safe(line)}");

    private async Task ReadCapabilitiesAsync()
    {
        _capabilities.Clear();
        if (await TryAskAsync("CAPA") is not null)
            return;
        foreach (var line in await ReadLinesAsync())
        {
            var words = line.Split(' ', 2);
            _capabilities[words[0]] = words.Length > 1 ? words[1] : "";
        }
    }

    private async Task<byte[]> ReadHeaderAsync()
    {
        var header = new HeaderSink();
        await _connection.ReadTextAsync(header);
        return header.ToArray();
    }

    private async Task<List<string>> ReadLinesAsync()
    {
        using var text = new MemoryStream();
        await _connection.ReadTextAsync(new StreamSink(text, progress: null, limit: 256 * 1024 * 1024));
        return [.. Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)];
    }

    private async Task LogInByAsync(Credentials credentials, string command)
    {
        if (await TryAskAsync(command) is { } refusal)
            throw new LoginFault($"the login as {credentials.User} failed: {refusal}");
    }

    private async Task AskAsync(string command, string problem = "the server refuses")
    {
        if (await TryAskAsync(command) is { } refusal)
            throw new ClientFault($"{problem}: {refusal}");
    }

    // Null when the answer is positive, else the server's words.
    private async Task<string?> TryAskAsync(string command)
    {
        await _connection.WriteLinesAsync(command);
        return await ReadStatusAsync();
    }

    private async Task<string?> ReadStatusAsync()
    {
        var line = await _connection.ReadLineAsync();
        if (line.StartsWith("+OK", StringComparison.Ordinal))
            return null;
        return line.StartsWith("-ERR", StringComparison.Ordinal) ? Safe(line[4..]) : throw Unexpected(line);
    }
}
