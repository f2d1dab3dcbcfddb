using System.Text;

namespace MailServer.Interop.Tests;

/// <summary>A person or a script at nc, whose lines end in LF alone.</summary>
public class NetcatTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Program = "nc";

    [NeedsFact(Program)]
    public async Task Sends_and_fetches_with_line_feeds_alone()
    {
        var sent = await TalkAsync(server.Smtp, "HELO dora\nMAIL FROM: @ME\nRCPT TO: dora\nDATA\nSubject: x\n\n..one dot\nGrüße\n\n.\nQUIT\n");
        Assert.Equal(["220", "250", "250", "250", "354", "250", "221"], sent.Select(line => line[..3]));

        var fetched = await TalkAsync(server.Pop3, "USER dora\nRETR 1\nDELE 1\nQUIT\n");
        Assert.Equal("Subject: x\r\n\r\n..one dot\r\nGrüße\r\n\r\n.", string.Join("\r\n", fetched[^8..^2]));
        Assert.Equal(["+OK", "+OK"], fetched[^2..].Select(line => line[..3]));
    }

    [NeedsFact(Program)]
    public async Task Protects_an_account_with_a_password_and_needs_it_from_then_on()
    {
        var made = await TalkAsync(server.Smtp, "EHLO emil\nopen sesame\nMAIL FROM: @ME\nRCPT TO: emil\nDATA\n.\nQUIT\n");
        Assert.Contains(made, line => line.StartsWith("235 ", StringComparison.Ordinal));
        Assert.StartsWith("221 ", made[^1], StringComparison.Ordinal);

        var refused = await TalkAsync(server.Pop3, "USER emil\nSTAT\nQUIT\n");
        Assert.StartsWith("-ERR", refused[2], StringComparison.Ordinal);
        var let = await TalkAsync(server.Pop3, "USER emil\nPASS open sesame\nSTAT\nQUIT\n");
        Assert.StartsWith("+OK 1 ", let[3], StringComparison.Ordinal);
    }

    [NeedsFact(Program)]
    public async Task Lines_with_CRLF_end_a_text_only_with_CRLF()
    {
        var bob = await server.AddAccountAsync();
        const string Smuggled = "MAIL FROM:<eve@example.org>\r\n";
        var answers = await TalkAsync(server.Smtp,
            $"EHLO client.test\r\nMAIL FROM:<{RunningServer.Sender}>\r\nRCPT TO:<{bob.Address}>\r\nDATA\r\nSubject: x\r\n\r\none\n.\r\n{Smuggled}two\r\n.\n\r\n.\r\nQUIT\r\n");
        Assert.Equal(["354", "250", "221"], answers[^3..].Select(line => line[..3]));
        Letters.MustHaveText(Encoding.ASCII.GetBytes($"\r\n\r\none\r\n.\r\n{Smuggled}two\r\n\r\n\r\n"), await server.ReadOnlyMessageAsync(bob), "ESMTP");
    }

    // All at once: what a pipe into nc does.
    private async Task<string[]> TalkAsync(int port, string lines)
    {
        var outcome = (await server.RunAsync(Program, [RunningServer.Address, $"{port}"], Encoding.UTF8.GetBytes(lines))).MustSucceed();
        return Encoding.UTF8.GetString(outcome.Output).TrimEnd().Split("\r\n");
    }
}
