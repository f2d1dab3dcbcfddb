using MailServer.Core.Accounts;

namespace MailServer.Core.Pop3.Commands;

/// <summary>PASS (RFC 1939 7): everything behind the first blank is the password. Where registration allows, it makes the account.</summary>
internal sealed class PassCommand : Pop3Command
{
    public override string Verb => "PASS";

    public override string Usage => "PASS password";

    public override string Purpose => "give your password";

    public override async ValueTask<Pop3Reply> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation)
    {
        if (session.State == Pop3State.Transaction)
            return session.IsPasswordless ? Pop3Replies.LoggedInAlready : Pop3Replies.AfterLogin;
        if (session.User is not { } user)
            return Pop3Replies.UserFirst;
        session.User = null;

        var accounts = session.Services.Accounts;
        var name = session.LoginName(user, out var nameProblem);
        if (!accounts.MayRegister(session.Peer) || (name is not null && await accounts.FindAsync(name, cancellation) is not null))
        {
            return await accounts.LogInAsync(name, argument, cancellation) is { } account
                ? await OpenAsync(session, account, cancellation)
                : await session.RefuseLoginAsync(name?.Text ?? "", cancellation);
        }

        if (name is null)
            return Pop3Replies.BadPassword(nameProblem!);
        if (Passwords.Problem(argument) is { } problem)
            return Pop3Replies.BadPassword(problem);
        if (await accounts.CreateAsync(name, argument, cancellation) is not { } created)
            return await session.RefuseLoginAsync(name.Text, cancellation);
        session.Observer.AccountCreated(created.Name.Text);
        return await session.OpenAsync(created, isPasswordless: false, cancellation) ?? Pop3Replies.AccountCreated(created.Name.Text);
    }

    private static async ValueTask<Pop3Reply> OpenAsync(Pop3Session session, Account account, CancellationToken cancellation) =>
        await session.OpenAsync(account, isPasswordless: false, cancellation)
            ?? Pop3Replies.LoggedIn(session.View.Count, session.View.Octets);
}
