namespace MailServer.Core.Sessions;

/// <summary>A reply as the machine sees it, in whichever protocol.</summary>
public interface IReply
{
    /// <summary>True for 2xx and 3xx (RFC 5321 4.2.1), and for <c>+OK</c> and <c>+</c> (RFC 1939 3).</summary>
    bool IsPositive { get; }

    /// <summary>True when the command is accepted so far, and what completes it comes next: message data, a SASL response, a password.</summary>
    bool IsIntermediate { get; }

    /// <summary>True for a refusal that counts towards <see cref="MailLimits.BadCommands"/>.</summary>
    bool IsBadCommand { get; }

    /// <summary>True when the session ends with this reply, whatever the table says.</summary>
    bool Ends { get; }

    /// <summary>
    /// What a program tells replies apart by: code and enhanced code (<c>550 5.1.1</c>, RFC 2034), response code without its brackets
    /// (<c>AUTH</c>, RFC 2449 8), or the first word where there is none.
    /// </summary>
    string Status { get; }

    /// <summary>The first line as it is sent, without its end.</summary>
    string FirstLine { get; }
}
