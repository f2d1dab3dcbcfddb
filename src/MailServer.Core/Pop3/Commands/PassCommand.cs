using MailServer.Core.Accounts;

namespace MailServer.Core.Pop3.Commands;

/// <summary>PASS (RFC 1939 7): everything behind the first blank is the password. Where registration allows, it makes the account.</summary>
internal sealed class PassCommand() : Pop3Command("PASS", "PASS password", "give your password")
{
    public override async ValueTask<Pop3Outcome> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation)
    {
        if (session.State == Pop3State.Transaction)
            return session.IsPasswordless ? Pop3Replies.LoggedInAlready : Pop3Replies.AfterLogin;
        if (session.User is not { } user)
            return Pop3Replies.UserFirst;
        session.User = null;

        var accounts = session.Services.Accounts;
        var name = session.Services.Identity.AccountNameOf(user, out var nameProblem);
        if (!accounts.MayRegister(session.Peer) || (name is not null && await accounts.FindAsync(name, cancellation) is not null))
            return await session.FinishLoginAsync(await session.Login.LogInAsync(name, argument, cancellation), cancellation);
        if ((name is null ? nameProblem : Passwords.Problem(argument)) is { } problem)
            return Pop3Replies.BadPassword(problem);

        // If another session was faster, this password is not the account's: a failed login.
        if (await accounts.CreateAsync(name!, argument, cancellation) is not { } created)
            return await session.FinishLoginAsync(await session.Login.RefuseAsync(name, cancellation), cancellation);
        session.Observer.AccountCreated(created.Name.Text);
        var reply = await session.OpenAsync(created, cancellation);
        return reply.IsPositive ? Pop3Replies.AccountCreated(created.Name.Text) : reply;
    }
}
