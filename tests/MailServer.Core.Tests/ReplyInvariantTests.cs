using System.Reflection;
using System.Text;
using MailServer.Core.Mail;
using MailServer.Core.Pop3;
using MailServer.Core.Pop3.Bodies;
using MailServer.Core.Smtp;

namespace MailServer.Core.Tests;

public sealed class ReplyInvariantTests
{
    public static TheoryData<string> SmtpMembers => [.. Members(typeof(SmtpReplies)).Select(member => member.Name).Distinct(StringComparer.Ordinal)];

    public static TheoryData<string> Pop3Members => [.. Members(typeof(Pop3Replies)).Select(member => member.Name).Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(SmtpMembers))]
    public void An_SMTP_reply_has_matching_codes_and_lines_of_at_most_512_octets(string member)
    {
        foreach (var reply in Samples<SmtpReply>(typeof(SmtpReplies), member))
        {
            // RFC 2034 4: no enhanced code in the greeting, in HELO's and EHLO's answer and in 3xx.
            Assert.Equal(member is "Greeting" or "Hello" or "ExtendedHello" || reply.IsIntermediate, reply.Enhanced is null);
            if (reply.Enhanced is { } enhanced)
            {
                Assert.Matches(@"^[245]\.\d{1,3}\.\d{1,3}$", enhanced);
                Assert.Equal(reply.Code / 100, enhanced[0] - '0');
            }

            for (var i = 0; i < reply.Lines.Count; i++)
                AssertLine(reply.Format(i));
        }
    }

    [Theory]
    [MemberData(nameof(Pop3Members))]
    public void A_POP3_reply_begins_with_its_word_and_fits_512_octets(string member)
    {
        foreach (var reply in Samples<Pop3Reply>(typeof(Pop3Replies), member))
        {
            Assert.StartsWith(member == "Challenge" ? "+ " : reply.IsPositive ? "+OK " : "-ERR ", reply.FirstLine, StringComparison.Ordinal);
            AssertLine(reply.FirstLine);
        }
    }

    [Theory]
    [InlineData(nameof(Pop3Replies.LoginRefused))]
    [InlineData(nameof(Pop3Replies.TooManyFailedLogins))]
    [InlineData(nameof(Pop3Replies.EncryptionNeeded))]
    [InlineData(nameof(Pop3Replies.BadPassword))]
    public void A_refused_login_holds_no_word_that_fetchmail_takes_for_a_mailbox_in_use(string member)
    {
        foreach (var reply in Samples<Pop3Reply>(typeof(Pop3Replies), member))
            Assert.DoesNotMatch("(?i)lock|wait|busy|in-use|login-delay|service unavailable", reply.Text);
    }

    [Theory]
    [InlineData(299, true, false, false)]
    [InlineData(300, true, true, false)]
    [InlineData(399, true, true, false)]
    [InlineData(400, false, false, false)]
    [InlineData(499, false, false, false)]
    [InlineData(500, false, false, true)]
    [InlineData(509, false, false, true)]
    [InlineData(510, false, false, false)]
    [InlineData(555, false, false, true)]
    public void An_SMTP_reply_is_what_its_code_says(int code, bool isPositive, bool isIntermediate, bool isBadCommand)
    {
        var reply = new SmtpReply(code, null, "");
        Assert.Equal((isPositive, isIntermediate, isBadCommand), (reply.IsPositive, reply.IsIntermediate, reply.IsBadCommand));
    }

    [Theory]
    [MemberData(nameof(Pop3Members))]
    public void A_POP3_reply_that_says_so_closes(string member) => Assert.All(
        Samples<Pop3Reply>(typeof(Pop3Replies), member).Where(reply => reply.Text.Contains("closing", StringComparison.Ordinal) || reply.Text.Contains("connections", StringComparison.Ordinal)),
        reply => Assert.True(reply.Ends));

    [Fact]
    public void The_POP3_greeting_offers_no_APOP() =>
        Assert.DoesNotMatch("<.*@.*>", Pop3Replies.Greeting("mail.test").FirstLine);

    [Fact]
    public void Every_fault_of_the_store_has_a_temporary_SMTP_answer()
    {
        foreach (var kind in Enum.GetValues<StoreFaultKind>())
            Assert.Equal(4, SmtpReplies.For(new StoreFault(kind, "")).Code / 100);
    }

    // No byte that a line cannot hold, no blank at its end (it confuses programs that compare), and no text without cause.
    private static void AssertLine(string line)
    {
        Assert.InRange(Encoding.UTF8.GetByteCount(line) + 2, 6, 512);
        Assert.Equal(line.TrimEnd(), line);
        Assert.DoesNotContain(line, char.IsControl);
    }

    private static IEnumerable<MemberInfo> Members(Type type) => type.GetMembers(BindingFlags.Public | BindingFlags.Static)
        .Where(member => member is PropertyInfo or MethodInfo { IsSpecialName: false } && member.Name != "For");

    private static IEnumerable<T> Samples<T>(Type type, string name) => type.GetMember(name, BindingFlags.Public | BindingFlags.Static)
        .Select(member => (T)(member is PropertyInfo property
            ? property.GetValue(null)!
            : ((MethodInfo)member).Invoke(null, [.. ((MethodInfo)member).GetParameters().Select(Sample)])!));

    // The longest that can come: a name of 64 characters of four octets each, a long host name.
    private static object? Sample(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type == typeof(string) && parameter.Name is "hostname" => new string('h', 100),
        var type when type == typeof(string) && parameter.Name is "account" => string.Concat(Enumerable.Repeat("𝔞", 64)),
        var type when type == typeof(string) => new string('x', 100),
        var type when type == typeof(int) => int.MaxValue,
        var type when type == typeof(long) => long.MaxValue,
        var type when type == typeof(SmtpState) => SmtpState.Connected,
        var type when type == typeof(IMultilineBody) => null,
        _ => new[] { "one", "two" },
    };
}
