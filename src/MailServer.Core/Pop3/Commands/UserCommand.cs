using MailServer.Core.Protocol;

namespace MailServer.Core.Pop3.Commands;

/// <summary>USER (RFC 1939 7). Where registration allows, it alone opens an account without a password, and names one to be made.</summary>
internal sealed class UserCommand : Pop3Command
{
    public override string Verb => "USER";

    public override string Usage => "USER name";

    public override string Purpose => "say who you are";

    // Some type their password on this line too.
    public override string Mask(string line) =>
        CommandText.Split(line).Argument.Trim().Contains(' ', StringComparison.Ordinal) ? $"{Verb} {CommandText.Mask}" : line;

    public override async ValueTask<Pop3Reply> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation)
    {
        var text = argument.Trim();
        if (text.Length == 0)
            return Pop3Replies.BadArgument(Usage);
        if (text.Contains(' ', StringComparison.Ordinal))
            return Pop3Replies.NameWithBlank;
        if (!session.MayLogIn)
            return Pop3Replies.EncryptionNeeded;

        session.Login.User = text;
        var accounts = session.Services.Accounts;
        if (!accounts.MayRegister(session.Peer) || session.Services.Identity.AccountNameOf(text, out _) is not { } name)
            return Pop3Replies.SendPassword;
        return await accounts.FindAsync(name, cancellation) switch
        {
            null => Pop3Replies.PasswordCreates(name.Text),
            { IsPasswordless: true } account => await session.Login.OpenAsync(account, cancellation),
            _ => Pop3Replies.SendPassword,
        };
    }
}
