using MailServer.Core.Protocol;

namespace MailServer.Core.Smtp;

/// <summary>What one verb does: parse, check, act, reply. It does not decide when it may come; the table does.</summary>
public abstract class SmtpCommand
{
    /// <summary>The verb in upper case.</summary>
    public abstract string Verb { get; }

    /// <summary>The form, for HELP and for the 501 of a wrong argument.</summary>
    public abstract string Usage { get; }

    /// <summary>What it does, in a few words for HELP.</summary>
    public abstract string Purpose { get; }

    /// <summary>What HELP with the verb adds for a person; empty when there is no more to say.</summary>
    public virtual string Details => "";

    /// <summary>The line as a log may show it: of what follows the verb only what cannot be a secret typed in the wrong place.</summary>
    public virtual string Mask(string line) =>
        CommandText.Split(line).Argument.Length == 0 ? line : $"{Verb} {CommandText.Mask}";

    /// <summary>
    /// The answer when the command may not come: the refusal itself, but for a command that octets follow, which answers when
    /// they have come (null).
    /// </summary>
    public virtual SmtpReply? Refuse(SmtpSession session, string argument, SmtpReply refusal) => refusal;

    /// <summary>Runs the command.</summary>
    /// <param name="argument">What followed the verb and one blank, untouched.</param>
    /// <returns>The reply; null when octets that the command announced come first, and the reply after them.</returns>
    public abstract ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string argument, CancellationToken cancellation);
}
