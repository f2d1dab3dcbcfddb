using MailServer.Core.Mail;

namespace MailServer.Core.Pop3.Bodies;

/// <summary>UIDL: number and unique-id of every message.</summary>
internal sealed class UniqueIdsBody(Pop3Session session) : IMultilineBody
{
    public async ValueTask WriteAsync(MultilineOutput output, CancellationToken cancellation)
    {
        var uniqueId = new byte[IMaildrop.MaxUniqueId];
        foreach (var index in session.View.Present)
        {
            output.WriteRow(index + 1, uniqueId.AsSpan(0, session.Maildrop.WriteUniqueId(index, uniqueId)));
            await output.FlushIfFullAsync(cancellation);
        }
    }
}
