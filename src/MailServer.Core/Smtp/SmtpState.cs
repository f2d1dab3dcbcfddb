namespace MailServer.Core.Smtp;

/// <summary>
/// Where an SMTP session stands between commands. What the next octets are is its input, and TLS, the login and the line ending are
/// facts; none of them is a state.
/// </summary>
[Flags]
public enum SmtpState
{
    /// <summary>The greeting was sent; the client has not said who it is.</summary>
    Connected = 1,

    /// <summary>HELO or EHLO was accepted; no transaction is under way.</summary>
    Ready = 2,

    /// <summary>MAIL was accepted.</summary>
    Sender = 4,

    /// <summary>At least one RCPT was accepted.</summary>
    Recipients = 8,

    /// <summary>BDAT was accepted and was not the last one: the next chunk comes (RFC 3030 2).</summary>
    Chunks = 16,

    /// <summary>The session is over.</summary>
    Closed = 32,

    /// <summary>Every state after HELO in which commands are read.</summary>
    Greeted = Ready | Sender | Recipients | Chunks,

    /// <summary>Every state in which commands are read.</summary>
    AnyCommand = Connected | Greeted,
}
