using MailServer.Core.Sessions.Sasl;

namespace MailServer.Core.Smtp;

/// <summary>What EHLO offers (RFC 5321 4.1.1.1): a row for each extension.</summary>
public static class SmtpExtensions
{
    private static readonly (Func<SmtpSession, string> Line, Func<SmtpSession, bool> IsOffered)[] Rows =
    [
        (_ => "PIPELINING", _ => true),
        (session => $"SIZE {session.Services.Limits.MessageSize}", _ => true),
        (_ => "8BITMIME", _ => true),
        (_ => "SMTPUTF8", _ => true),
        (_ => "ENHANCEDSTATUSCODES", _ => true),
        (_ => "CHUNKING", _ => true),
        (_ => "STARTTLS", session => !session.IsEncrypted && session.Services.OffersStartTls(session.Peer)),
        (_ => $"AUTH {string.Join(' ', SaslMechanisms.Names)}", session => session.MayLogIn),
        (session => $"LIMITS RCPTMAX={session.Services.Limits.Recipients}", _ => true),
        (_ => "HELP", _ => true),
    ];

    /// <summary>The lines of the EHLO reply for this session.</summary>
    public static IEnumerable<string> Offered(SmtpSession session) =>
        Rows.Where(row => row.IsOffered(session)).Select(row => row.Line(session));
}
