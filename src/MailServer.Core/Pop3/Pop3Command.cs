using MailServer.Core.Protocol;

namespace MailServer.Core.Pop3;

/// <summary>What one verb does: parse, check, act, reply. It does not decide when it may come; the table does.</summary>
public abstract class Pop3Command
{
    /// <summary>The verb in upper case.</summary>
    public abstract string Verb { get; }

    /// <summary>The form, for HELP and for the answer to a wrong argument.</summary>
    public abstract string Usage { get; }

    /// <summary>What it does, in a few words for HELP.</summary>
    public abstract string Purpose { get; }

    /// <summary>The line as a log may show it: of what follows the verb only what cannot be a secret typed in the wrong place.</summary>
    public virtual string Mask(string line) =>
        CommandText.Split(line).Argument.Length == 0 ? line : $"{Verb} {CommandText.Mask}";

    /// <summary>Runs the command.</summary>
    /// <param name="argument">What followed the verb and one blank, untouched.</param>
    public abstract ValueTask<Pop3Reply> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation);

    /// <summary>The line as it is when the verb is followed by message numbers or nothing.</summary>
    protected string MaskUnlessNumbers(string line) =>
        CommandText.Split(line).Argument.All(c => char.IsAsciiDigit(c) || c is ' ' or 'U' or 'u') ? line : $"{Verb} {CommandText.Mask}";
}
