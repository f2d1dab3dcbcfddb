namespace MailServer.Core.Smtp;

/// <summary>What EHLO offers (RFC 5321 4.1.1.1): a row for each extension.</summary>
public static class SmtpExtensions
{
    private static readonly (string Keyword, Func<SmtpSession, string> Parameters)[] Rows =
    [
        ("PIPELINING", _ => ""),
        ("SIZE", session => $" {session.Services.Limits.MessageSize}"),
        ("8BITMIME", _ => ""),
        ("ENHANCEDSTATUSCODES", _ => ""),
        ("HELP", _ => ""),
    ];

    /// <summary>The lines of the EHLO reply for this session.</summary>
    public static IEnumerable<string> Offered(SmtpSession session) => Rows.Select(row => row.Keyword + row.Parameters(session));
}
