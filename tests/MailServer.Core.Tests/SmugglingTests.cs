using System.Text.RegularExpressions;
using MailServer.Core.Accounts;
using MailServer.Core.Smtp;
using MailServer.Testing;

namespace MailServer.Core.Tests;

/// <summary>
/// No sequence but CRLF.CRLF ends the text of a message, wherever it is cut, so that what one server takes for text is
/// never a second message here (CVE-2023-51764, -51765, -51766, CVE-2023-52354, CVE-2024-27305, CVE-2023-51747).
/// </summary>
public sealed class SmugglingTests
{
    private static readonly AccountName Bob = AccountName.TryParse("bob")!;
    private static readonly string[] LineEnds = ["\n", "\r", "\r\n", "\r\r\n", "\n\r", "\r\0\n", "\0", "\n\n", "\r\n\0", "\x0b", "\x0c", "\u0085", ""];

    /// <summary>Every pair of line ends around a dot but the one that is right; with it, the text may end before or behind.</summary>
    public static IEnumerable<object[]> Endings =>
        from before in LineEnds
        from dot in new[] { ".", "..", ". ", "\0." }
        from after in LineEnds
        where !((before + dot + after).Contains("\r\n.\r\n", StringComparison.Ordinal))
        select new object[] { before + dot + after };

    [Fact]
    public void There_are_more_than_five_hundred_cases() => Assert.InRange(Endings.Count() * 4, 500, int.MaxValue);

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task A_text_ended_in_any_other_way_holds_everything_that_follows(string ending)
    {
        foreach (var isEncrypted in new[] { false, true })
        {
            foreach (var cut in Cuts(ending.Length))
            {
                var conversation = await StartAsync(isEncrypted);
                await conversation.SayAsync("DATA");
                var wire = $"Subject: one\r\n\r\ntext{ending}MAIL FROM:<evil@b.test>\r\nRCPT TO:<bob>\r\nDATA\r\nSubject: two\r\n\r\nsmuggled\r\n.\r\n";
                var start = "Subject: one\r\n\r\ntext".Length + cut;
                await conversation.SendAsync(Octets.Of(wire[..start]));
                await conversation.SendAsync(Octets.Of(wire[start..]));
                Assert.InRange(conversation.Store.MessagesOf(Bob).Count, 0, 1);
                Assert.Contains("Ready", ((SmtpSession)conversation.Session).State.ToString(), StringComparison.Ordinal);
                Assert.DoesNotContain(conversation.Observed, line => line.Contains("evil", StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task A_chunk_ends_where_its_count_says_whatever_it_holds(string ending)
    {
        foreach (var isEncrypted in new[] { false, true })
        {
            foreach (var cut in Cuts(ending.Length))
            {
                var conversation = await StartAsync(isEncrypted);
                var text = $"Subject: one\r\n\r\ntext{ending}MAIL FROM:<evil@b.test>\r\nRCPT TO:<bob>\r\nBDAT 3 LAST\r\nabc";
                var wire = $"BDAT {text.Length} LAST\r\n{text}";
                var start = wire.Length - text.Length + "Subject: one\r\n\r\ntext".Length + cut;
                await conversation.SendAsync(Octets.Of(wire[..start]));
                await conversation.SendAsync(Octets.Of(wire[start..]));

                // What is not refused for a bare CR is stored in lines, every octet of which the count said.
                var hasBareCarriageReturn = Regex.IsMatch(text, "\r(?!\n)", RegexOptions.None, TimeSpan.FromSeconds(1));
                var lines = Regex.Replace(text, "(?<!\r)\n", "\r\n", RegexOptions.None, TimeSpan.FromSeconds(1)) + "\r\n";
                Assert.Equal(hasBareCarriageReturn ? 0 : 1, conversation.Store.MessagesOf(Bob).Count);
                Assert.All(conversation.Store.MessagesOf(Bob), message => Assert.EndsWith(lines, Octets.Text(message), StringComparison.Ordinal));
                Assert.Contains("Ready", ((SmtpSession)conversation.Session).State.ToString(), StringComparison.Ordinal);
                Assert.DoesNotContain(conversation.Observed, line => line.Contains("evil", StringComparison.Ordinal));
            }
        }
    }

    private static IEnumerable<int> Cuts(int length) => Enumerable.Range(0, length + 1);

    private static async Task<Conversation> StartAsync(bool isEncrypted)
    {
        var conversation = Conversation.Smtp(isEncrypted: isEncrypted);
        await conversation.AddAccountAsync("bob", null);
        await conversation.SayAsync("EHLO client.test", "MAIL FROM:<a@b.test>", "RCPT TO:<bob>");
        return conversation;
    }
}
