using MailServer.Core.Sessions.Sasl;

namespace MailServer.Core.Pop3;

/// <summary>
/// What CAPA lists (RFC 2449 5): the same before and after login, because some clients ask only once, but for STLS,
/// which is listed only where it may come (RFC 2595 4).
/// </summary>
public static class Pop3Capabilities
{
    private static readonly (string Line, Func<Pop3Session, bool> IsOffered)[] Rows =
    [
        ("TOP", _ => true),
        ("UIDL", _ => true),
        ("USER", session => session.MayLogIn),
        ($"SASL {string.Join(' ', SaslMechanisms.Names)}", session => session.MayLogIn),
        ("STLS", session => session is { State: Pop3State.Authorization, IsEncrypted: false } && session.Services.OffersStartTls(session.Peer)),
        ("UTF8 USER", _ => true),
        ("RESP-CODES", _ => true),
        ("AUTH-RESP-CODE", _ => true),
        ("PIPELINING", _ => true),
        ("EXPIRE NEVER", _ => true),
        ("LOGIN-DELAY 0", _ => true),
        ("IMPLEMENTATION MailServer", _ => true),
    ];

    /// <summary>The lines for this session.</summary>
    public static IEnumerable<string> Offered(Pop3Session session) => Rows.Where(row => row.IsOffered(session)).Select(row => row.Line);
}
