using System.Net.Sockets;
using System.Text;

namespace MailServer.Interop.Tests;

/// <summary>A conversation by hand, one character for each octet that comes: how a test looks into the server itself.</summary>
internal sealed class Dialogue : IDisposable
{
    private readonly TcpClient _client;
    private readonly StreamReader _reader;

    private Dialogue(TcpClient client)
    {
        _client = client;
        _reader = new(client.GetStream(), Encoding.Latin1);
    }

    public static async Task<Dialogue> OpenAsync(int port)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(RunningServer.Address, port);
        return new(client);
    }

    /// <summary>Sends a line, in UTF-8.</summary>
    public Task SayAsync(string line) => SendAsync(Encoding.UTF8.GetBytes(line + "\r\n"));

    /// <summary>Sends octets as they are.</summary>
    public async Task SendAsync(byte[] octets) => await _client.GetStream().WriteAsync(octets);

    /// <summary>Sends text with every dot at the beginning of a line doubled, and the final dot.</summary>
    public Task SendTextAsync(byte[] text) =>
        SendAsync(Encoding.Latin1.GetBytes(
            ("\r\n" + Encoding.Latin1.GetString(text)).Replace("\r\n.", "\r\n..", StringComparison.Ordinal)[2..] + ".\r\n"));

    /// <summary>Reads a line that must begin so; other lines of a multi-line SMTP reply are passed over.</summary>
    public async Task<string> HearAsync(string beginning)
    {
        string line;
        do
            line = await ReadLineAsync();
        while (line is [_, _, _, '-', ..] && char.IsAsciiDigit(line[0]));
        Assert.StartsWith(beginning, line, StringComparison.Ordinal);
        return line;
    }

    /// <summary>Reads the lines of a multi-line POP3 answer behind its first, as they were before stuffing.</summary>
    public async Task<List<string>> HearLinesAsync()
    {
        var lines = new List<string>();
        while (await ReadLineAsync() is var line && line != ".")
            lines.Add(line.StartsWith('.') ? line[1..] : line);
        return lines;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _client.Dispose();
    }

    private async Task<string> ReadLineAsync() =>
        await _reader.ReadLineAsync().WaitAsync(HangGuard.Limit) ?? throw new InvalidOperationException("The server closed the connection.");
}
