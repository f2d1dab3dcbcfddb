using System.Text;
using MailServer.Core.Mail;

namespace MailServer.Core.Pop3.Commands;

/// <summary>UIDL (RFC 1939 7).</summary>
internal sealed class UidlCommand : Pop3Command
{
    public override string Verb => "UIDL";

    public override string Usage => "UIDL [number]";

    public override string Purpose => "list the messages' unique-ids";

    public override string Mask(string line) => MaskUnlessNumbers(line);

    public override ValueTask<Pop3Reply> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation)
    {
        var number = argument.Trim();
        if (number.Length == 0)
            return ValueTask.FromResult(Pop3Replies.UniqueIds(new UniqueIdRows(session)));
        var index = session.View.Find(number, out var refusal);
        return ValueTask.FromResult(refusal ?? Pop3Replies.Row($"{index + 1} {UniqueId(session.Maildrop, index)}"));
    }

    private static string UniqueId(IMaildrop maildrop, int index)
    {
        Span<byte> octets = stackalloc byte[IMaildrop.MaxUniqueId];
        return Encoding.ASCII.GetString(octets[..maildrop.WriteUniqueId(index, octets)]);
    }
}
