namespace MailServer.Core.Smtp;

/// <summary>Where an SMTP session stands. TLS, the login and the line ending are facts, not states.</summary>
[Flags]
public enum SmtpState
{
    /// <summary>Greeted by us; the client has not said who it is.</summary>
    Connected = 1,

    /// <summary>HELO or EHLO was accepted; no transaction is under way.</summary>
    Ready = 2,

    /// <summary>MAIL was accepted.</summary>
    Sender = 4,

    /// <summary>At least one RCPT was accepted.</summary>
    Recipients = 8,

    /// <summary>354 was sent; the text comes (RFC 5321 4.1.1.4).</summary>
    Text = 16,

    /// <summary>BDAT was read; its octets come (RFC 3030 2).</summary>
    Chunk = 32,

    /// <summary>A chunk was taken, and it was not the last.</summary>
    BetweenChunks = 64,

    /// <summary>334 was sent; a SASL response comes (RFC 4954 4).</summary>
    Authenticating = 128,

    /// <summary>The session is over.</summary>
    Closed = 256,

    /// <summary>Every state after HELO in which commands are read.</summary>
    Greeted = Ready | Sender | Recipients | BetweenChunks,

    /// <summary>Every state in which commands are read.</summary>
    AnyCommand = Connected | Greeted,
}
