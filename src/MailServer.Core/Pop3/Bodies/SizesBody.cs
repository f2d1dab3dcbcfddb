namespace MailServer.Core.Pop3.Bodies;

/// <summary>LIST: number and size of every message.</summary>
internal sealed class SizesBody(Pop3Session session) : IMultilineBody
{
    public async ValueTask WriteAsync(MultilineOutput output, CancellationToken cancellation)
    {
        foreach (var index in session.View.Present)
        {
            output.WriteRow(index + 1, session.View.OctetsOf(index));
            await output.FlushIfFullAsync(cancellation);
        }
    }
}
