using System.Text;
using MailServer.Core.Pop3;
using MailServer.Core.Smtp;

namespace MailServer.Testing;

/// <summary>
/// How a client comes to each state, and a well-formed line for each verb, of which only the order can be wrong. There has to be an
/// account <see cref="User"/> with <see cref="Password"/>, in POP3 with a message in its mailbox.
/// </summary>
public static class StateExamples
{
    public const string User = "bob";
    public const string Password = "s3cret";

    /// <summary>The response of PLAIN that logs the account in.</summary>
    public static string Plain { get; } = Convert.ToBase64String(Encoding.ASCII.GetBytes($"\0{User}\0{Password}"));

    /// <summary>What is said to come to each state in which SMTP reads commands, in their order.</summary>
    public static IReadOnlyDictionary<SmtpState, string[]> SmtpWays { get; } = new Dictionary<SmtpState, string[]>
    {
        [SmtpState.Connected] = [],
        [SmtpState.Ready] = ["EHLO client.test"],
        [SmtpState.Sender] = ["EHLO client.test", "MAIL FROM:<alice@client.test>"],
        [SmtpState.Recipients] = ["EHLO client.test", "MAIL FROM:<alice@client.test>", $"RCPT TO:<{User}>"],
        [SmtpState.Chunks] = ["EHLO client.test", "MAIL FROM:<alice@client.test>", $"RCPT TO:<{User}>", "BDAT 0"],
    };

    /// <summary>What is said to come to each state in which POP3 reads commands, in their order.</summary>
    public static IReadOnlyDictionary<Pop3State, string[]> Pop3Ways { get; } = new Dictionary<Pop3State, string[]>
    {
        [Pop3State.Authorization] = [],
        [Pop3State.Transaction] = [$"USER {User}", $"PASS {Password}"],
    };

    /// <summary>A line for every verb of SMTP. AUTH's ends in a challenge, BDAT's is a last chunk of no octets.</summary>
    public static IReadOnlyDictionary<string, string> SmtpLines { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["HELO"] = "HELO client.test",
        ["EHLO"] = "EHLO client.test",
        ["PASS"] = $"PASS {Password}",
        ["AUTH"] = "AUTH PLAIN",
        ["STARTTLS"] = "STARTTLS",
        ["MAIL"] = "MAIL FROM:<alice@client.test>",
        ["RCPT"] = $"RCPT TO:<{User}>",
        ["DATA"] = "DATA",
        ["BDAT"] = "BDAT 0 LAST",
        ["RSET"] = "RSET",
        ["VRFY"] = $"VRFY {User}",
        ["EXPN"] = $"EXPN {User}",
        ["HELP"] = "HELP",
        ["NOOP"] = "NOOP",
        ["QUIT"] = "QUIT",
    };

    /// <summary>A line for every verb of POP3. PASS's means something only behind USER's.</summary>
    public static IReadOnlyDictionary<string, string> Pop3Lines { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["USER"] = $"USER {User}",
        ["PASS"] = $"PASS {Password}",
        ["AUTH"] = $"AUTH PLAIN {Plain}",
        ["STLS"] = "STLS",
        ["UTF8"] = "UTF8",
        ["CAPA"] = "CAPA",
        ["STAT"] = "STAT",
        ["LIST"] = "LIST 1",
        ["UIDL"] = "UIDL 1",
        ["RETR"] = "RETR 1",
        ["TOP"] = "TOP 1 0",
        ["DELE"] = "DELE 1",
        ["RSET"] = "RSET",
        ["NOOP"] = "NOOP",
        ["HELP"] = "HELP",
        ["QUIT"] = "QUIT",
    };
}
