using MailServer.Core.Mail;

namespace MailServer.Core.Pop3.Bodies;

/// <summary>LIST in the form of the classroom servers.</summary>
internal sealed class DetailedSizesBody(Pop3Session session) : IMultilineBody
{
    public async ValueTask WriteAsync(MultilineOutput output, CancellationToken cancellation)
    {
        foreach (var index in session.View.Present)
        {
            output.WriteLine(await RowAsync(session, index, cancellation));
            await output.FlushIfFullAsync(cancellation);
        }
    }

    /// <summary><c>id, sender, subject, size</c>.</summary>
    public static async ValueTask<string> RowAsync(Pop3Session session, int index, CancellationToken cancellation)
    {
        try
        {
            var (row, _) = await DetailedListing.ReadAsync(session, index, cancellation);
            return $"{row}, {session.View.OctetsOf(index)}";
        }
        catch (StoreFault fault) when (fault.Kind is StoreFaultKind.Damaged or StoreFaultKind.Removed)
        {
            // One message that cannot be read must not hide the others.
            session.Observer.StoreFailed(fault);
            return $"{index + 1}, , (this message cannot be read), {session.View.OctetsOf(index)}";
        }
    }
}
