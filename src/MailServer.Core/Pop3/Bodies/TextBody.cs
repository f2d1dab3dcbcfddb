namespace MailServer.Core.Pop3.Bodies;

/// <summary>Lines of text: CAPA and HELP.</summary>
internal sealed class TextBody(IEnumerable<string> lines) : IMultilineBody
{
    public ValueTask WriteAsync(MultilineOutput output, CancellationToken cancellation)
    {
        foreach (var line in lines)
            output.WriteLine(line);
        return ValueTask.CompletedTask;
    }
}
