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

    /// <summary>354 was sent; the text comes.</summary>
    Text = 16,

    /// <summary>The session is over.</summary>
    Closed = 32,

    /// <summary>Every state in which commands are read.</summary>
    AnyCommand = Connected | Ready | Sender | Recipients,

    /// <summary>Every state after HELO in which commands are read.</summary>
    Greeted = Ready | Sender | Recipients,
}
