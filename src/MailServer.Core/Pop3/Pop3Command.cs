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

    /// <summary>The line as a log may show it.</summary>
    public virtual string Mask(string line) => line;

    /// <summary>Runs the command.</summary>
    /// <param name="argument">What followed the verb and one blank, untouched.</param>
    public abstract ValueTask<Pop3Reply> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation);
}
