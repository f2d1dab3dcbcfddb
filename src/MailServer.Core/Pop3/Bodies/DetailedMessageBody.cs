namespace MailServer.Core.Pop3.Bodies;

/// <summary>RETR in the form of the classroom servers: <c>id, sender, subject, body</c>.</summary>
internal sealed class DetailedMessageBody(string row, MessageBody body) : IMultilineBody
{
    public static async ValueTask<DetailedMessageBody> OpenAsync(Pop3Session session, int index, CancellationToken cancellation)
    {
        var (row, bodyOffset) = await DetailedListing.ReadAsync(session, index, cancellation);
        return new(row, await MessageBody.OpenAsync(session, index, cancellation, offset: bodyOffset));
    }

    public async ValueTask WriteAsync(MultilineOutput output, CancellationToken cancellation)
    {
        output.WriteText($"{row}, ");
        await body.WriteAsync(output, cancellation);

        // A message may have no body.
        output.EndLine();
    }
}
