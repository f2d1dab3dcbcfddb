using MailServer.Core.Mail;
using MailServer.Core.Sessions;

namespace MailServer.Core.Pop3.Bodies;

/// <summary>RETR of several messages in one answer: each under its row, as no mail program asks for it.</summary>
internal sealed class MessagesBody(Pop3Session session, IReadOnlyList<int> indexes) : IMultilineBody
{
    public async ValueTask WriteAsync(MultilineOutput output, CancellationToken cancellation)
    {
        foreach (var index in indexes)
        {
            try
            {
                await WriteAsync(index, output, cancellation);
            }
            catch (StoreFault fault) when (fault.Kind is StoreFaultKind.Damaged or StoreFaultKind.Removed)
            {
                session.Observer.StoreFailed(fault);
                output.EndLine();
                output.WriteLine($"{index + 1} (this message cannot be read)");
            }

            await output.FlushIfFullAsync(cancellation);
        }
    }

    private async ValueTask WriteAsync(int index, MultilineOutput output, CancellationToken cancellation)
    {
        if (session.Services.Pop3Listing == Pop3Listing.Detailed)
        {
            await (await DetailedMessageBody.OpenAsync(session, index, cancellation)).WriteAsync(output, cancellation);
            return;
        }

        var body = await MessageBody.OpenAsync(session, index, cancellation);
        output.WriteRow(index + 1, session.View.OctetsOf(index));
        await body.WriteAsync(output, cancellation);
    }
}
