namespace MailServer.Core.Pop3.Bodies;

/// <summary>What follows the first line of a multi-line answer (RFC 1939 3).</summary>
public interface IMultilineBody
{
    /// <summary>Writes the lines; the final dot is the session's to write.</summary>
    ValueTask WriteAsync(MultilineOutput output, CancellationToken cancellation);
}
