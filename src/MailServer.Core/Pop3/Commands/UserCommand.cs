using MailServer.Core.Accounts;
using MailServer.Core.Sessions;
using MailServer.Core.Wire;

namespace MailServer.Core.Pop3.Commands;

/// <summary>USER (RFC 1939 7). Where registration allows, it alone opens an account without a password, and names one to be made.</summary>
internal sealed class UserCommand() : Pop3Command("USER", "USER name", "say who you are", Arguments.Required)
{
    // Some type their password on this line too.
    public override string Mask(string line) =>
        CommandText.Split(line).Argument.Trim().Contains(' ', StringComparison.Ordinal) ? $"{Verb} {CommandText.Mask}" : line;

    public override async ValueTask<Pop3Outcome> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation)
    {
        var text = argument.Trim();
        if (text.Contains(' ', StringComparison.Ordinal))
            return Pop3Replies.NameWithBlank;
        if (!session.MayLogIn)
            return Pop3Replies.EncryptionNeeded;

        session.User = text;
        var accounts = session.Services.Accounts;
        if (!accounts.MayRegister(session.Peer) || session.Services.Identity.AccountNameOf(text, out _) is not { } name)
            return Pop3Replies.SendPassword;
        return await accounts.LookUpAsync(name, cancellation) switch
        {
            { Account: null, Alias: null } => Pop3Replies.PasswordCreates(name.Text),
            { Account: null } or { Account.State: AccountState.Locked } => NoLogin(session, name),
            { Account: { IsPasswordless: true } account } => await session.OpenAsync(account, cancellation),
            _ => Pop3Replies.SendPassword,
        };
    }

    private static Pop3Reply NoLogin(Pop3Session session, AccountName name)
    {
        session.User = null;
        return Pop3Replies.NoLogin(name.Text);
    }
}
