using System.Text;

namespace MailServer.Host.Tests.Torture;

/// <summary>
/// Conversations that hold a secret, in every spelling that people and programs were seen to use. A bar ends a line.
/// <c>{0}</c> is the secret, <c>{64}</c> its base64, <c>{plain}</c> a response of PLAIN and <c>{long}</c> more than fits a line.
/// </summary>
internal static class SecretSpellings
{
    private const string Transaction = "EHLO c.test|MAIL FROM:<a@b.test>|RCPT TO:<bob>|";

    public static IReadOnlyList<string> Smtp { get; } =
    [
        "EHLO c.test|AUTH PLAIN {plain}", "HELO c.test|auth plain {plain}", "EHLO c.test|AUTH PLAIN|{plain}", "EHLO c.test|AUTH  PLAIN  {plain}",
        "EHLO c.test|AUTH\tPLAIN\t{plain}", "EHLO c.test|AUTH PLAIN={plain}", "EHLO c.test|AUTH PLAIN {plain} x", "EHLO c.test| AUTH PLAIN {plain}",
        "EHLO c.test|AUTH LOGIN|Ym9i|{64}", "EHLO c.test|AUTH LOGIN Ym9i|{64}", "EHLO c.test|auth Login Ym9i|{0}", "EHLO c.test|AUTH LOGIN Ym9i {64}",
        "EHLO c.test|AUTH LOGIN|Ym9i|{long}{64}", "EHLO c.test|AUTH LOGIN|bob|{0}", "EHLO c.test|AUTH LOGIN|*|{64}", "EHLO c.test|AUTH PLAIN|*|{plain}",
        "EHLO c.test|AUTH {0}", "EHLO c.test|AUTH bob {0}", "EHLO c.test|AUTH CRAM-MD5 {64}", "EHLO c.test|AUTHPLAIN {plain}", "EHLO c.test|AUT PLAIN {plain}",
        "EHLO c.test|AUTH PLAIN {long}{plain}", "EHLO c.test|AUTH PLAIN {plain}\u0001", "AUTH PLAIN {plain}", "AUTH LOGIN|Ym9i|{64}",
        "EHLO c.test|LOGIN bob {0}", "EHLO c.test|USER bob|PASS {0}", "EHLO c.test|USER bob {0}",
        "PASS {0}", "EHLO c.test|PASS {0}", "EHLO bob|{0}", "EHLO bob|PASS {0}", "EHLO bob|pass {0}", "EHLO bob|PASS\t{0}", "EHLO bob|PASS  {0}",
        "EHLO bob|PASS:{0}", "EHLO bob|PASS: {0}", "EHLO bob|PSAS {0}", "EHLO bob|PASSWORD {0}", "EHLO bob|Password: {0}", "EHLO bob| {0}", "EHLO bob|{0} and more",
        "EHLO bob|more and {0}", "EHLO bob|{0}|{0}|{0}", "EHLO bob|RSET|{0}", "EHLO bob|\"{0}\"", "EHLO bob|{long}{0}", "EHLO bob|PASS {long}{0}", "EHLO bob|{0}\u0001",
        "EHLO bob|\u00FF{0}", "HELO bob|{0}", "HELO bob|PASS {0}", "EHLO fresh|{0}", "EHLO free|{0}", "{0}", "{long}{0}",
        Transaction + "DATA|Subject: {0}||{0}|.", Transaction + "DATA|{0}|.", Transaction + "DATA|{0}", Transaction + "DATA|{long}{0}|.", Transaction + "DATA|{0}\r{0}|.",
        Transaction + "DATA|Received: {0}|From: {0}||{0}|.|{0}", Transaction + "BDAT 200|{0}", Transaction + "BDAT 6 LAST|{0}",
        "EHLO c.test|DATA|{0}|.", "EHLO c.test|MAIL FROM:<a@b.test>|RCPT TO:<nobody>|DATA|Subject: {0}||{0}|.", "EHLO c.test|BDAT 200|{0}",
    ];

    public static IReadOnlyList<string> Pop3 { get; } =
    [
        "USER bob|PASS {0}", "user bob|pass {0}", "USER bob|PASS\t{0}", "USER bob|PASS  {0} ", "PASS {0}", "USER bob|PASSWORD {0}", "USER bob|PAS {0}", "USER bob|PASS:{0}",
        "USER bob|{0}", "USER bob| PASS {0}", "USER bob|PASS {long}{0}", "USER bob|PASS {0}\u0001", "USER bob|PASS \u00FF{0}", "USER fresh2|PASS {0}", "USER ../x|PASS {0}",
        "USER free|PASS {0}", "USER free|USER bob|PASS {0}", "USER free|AUTH PLAIN {plain}", "LOGIN bob {0}", "APOP bob {0}", "PASS {0}|USER bob", "{0}", "{long}{0}",
        "AUTH PLAIN {plain}", "auth plain {plain}", "AUTH PLAIN|{plain}", "AUTH PLAIN|{long}{plain}", "AUTH PLAIN|{0}", "AUTH PLAIN|*|{plain}", "AUTH  PLAIN {plain}",
        "AUTH LOGIN|Ym9i|{64}", "AUTH LOGIN Ym9i|{64}", "AUTH CRAM-MD5|{64}", "AUTH bob {0}", "AUTH {0}", "AUTHPLAIN {plain}",
        "USER free|RETR|RETR 1|TOP 1 10|TOP 1 0|RETR U|UIDL|STAT|LIST|DELE 1|RSET",
    ];

    /// <summary>The octets of a conversation, and what of it must never be written down.</summary>
    public static (string Octets, IReadOnlyList<string> Hidden) Fill(string conversation, string secret)
    {
        var base64 = Convert.ToBase64String(Encoding.ASCII.GetBytes(secret));
        var plain = Convert.ToBase64String(Encoding.ASCII.GetBytes($"\0bob\0{secret}"));
        var text = conversation
            .Replace("|", "\r\n", StringComparison.Ordinal)
            .Replace("{0}", secret, StringComparison.Ordinal)
            .Replace("{64}", base64, StringComparison.Ordinal)
            .Replace("{plain}", plain, StringComparison.Ordinal)
            .Replace("{long}", new string('x', 13_000), StringComparison.Ordinal);
        return (text + "\r\n", [secret, base64, plain]);
    }
}
