using System.Text;
using MailServer.Core.Mail;
using MailServer.Core.Pop3.Bodies;

namespace MailServer.Core.Pop3.Commands;

/// <summary>UIDL (RFC 1939 7).</summary>
internal sealed class UidlCommand() : Pop3Command("UIDL", "UIDL [number]", "list the messages' unique-ids")
{
    public override string Mask(string line) => MaskUnlessNumbers(line);

    protected override Pop3Outcome Execute(Pop3Session session, string argument)
    {
        var number = argument.Trim();
        if (number.Length == 0)
            return Pop3Replies.UniqueIds(new UniqueIdsBody(session));
        var found = session.View.Find(number);
        return found.Index is { } index ? Pop3Replies.Row($"{index + 1} {UniqueId(session.Maildrop, index)}") : Pop3Replies.For(found);
    }

    private static string UniqueId(IMaildrop maildrop, int index)
    {
        Span<byte> octets = stackalloc byte[IMaildrop.MaxUniqueId];
        return Encoding.ASCII.GetString(octets[..maildrop.WriteUniqueId(index, octets)]);
    }
}
