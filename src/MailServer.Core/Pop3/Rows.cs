using MailServer.Core.Mail;

namespace MailServer.Core.Pop3;

/// <summary>Lines of text: CAPA and HELP.</summary>
internal sealed class TextRows(IEnumerable<string> lines) : IMultilineBody
{
    public ValueTask WriteAsync(MultilineOutput output, CancellationToken cancellation)
    {
        foreach (var line in lines)
            output.WriteLine(line);
        return ValueTask.CompletedTask;
    }
}

/// <summary>LIST: number and size of every message.</summary>
internal sealed class SizeRows(Pop3Session session) : IMultilineBody
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

/// <summary>LIST in the form of the classroom servers.</summary>
internal sealed class DetailedRows(Pop3Session session) : IMultilineBody
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
        catch (StoreFault fault) when (fault.Kind == StoreFaultKind.Damaged)
        {
            // One message that cannot be read must not hide the others.
            session.Observer.StoreFailed(fault);
            return $"{index + 1}, , (this message cannot be read), {session.View.OctetsOf(index)}";
        }
    }
}

/// <summary>UIDL: number and unique-id of every message.</summary>
internal sealed class UniqueIdRows(Pop3Session session) : IMultilineBody
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

/// <summary>RETR of several messages in one answer: each under its row, as no mail program asks for it.</summary>
internal sealed class MessageRows(Pop3Session session, IReadOnlyList<int> indexes) : IMultilineBody
{
    public async ValueTask WriteAsync(MultilineOutput output, CancellationToken cancellation)
    {
        foreach (var index in indexes)
        {
            try
            {
                await WriteAsync(index, output, cancellation);
            }
            catch (StoreFault fault) when (fault.Kind == StoreFaultKind.Damaged)
            {
                session.Observer.StoreFailed(fault);
                output.WriteLine($"{index + 1} (this message cannot be read)");
            }

            await output.FlushIfFullAsync(cancellation);
        }
    }

    private async ValueTask WriteAsync(int index, MultilineOutput output, CancellationToken cancellation)
    {
        if (session.Services.Pop3Listing == Sessions.Pop3Listing.Detailed)
        {
            await (await DetailedMessage.OpenAsync(session, index, cancellation)).WriteAsync(output, cancellation);
            return;
        }

        var body = await MessageBody.OpenAsync(session, index, cancellation);
        output.WriteRow(index + 1, session.View.OctetsOf(index));
        await body.WriteAsync(output, cancellation);
    }
}

/// <summary>RETR in the form of the classroom servers: <c>id, sender, subject, body</c>.</summary>
internal sealed class DetailedMessage(string row, MessageBody body) : IMultilineBody
{
    public static async ValueTask<DetailedMessage> OpenAsync(Pop3Session session, int index, CancellationToken cancellation)
    {
        var (row, bodyOffset) = await DetailedListing.ReadAsync(session, index, cancellation);
        return new(row, await MessageBody.OpenAsync(session, index, cancellation, offset: bodyOffset));
    }

    public ValueTask WriteAsync(MultilineOutput output, CancellationToken cancellation)
    {
        output.WriteText($"{row}, ");
        return body.WriteAsync(output, cancellation);
    }
}
