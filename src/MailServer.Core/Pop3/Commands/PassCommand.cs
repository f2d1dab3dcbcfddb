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
        var login = session.Login;
        if (session.State == Pop3State.Transaction)
            return login.IsPasswordless ? Pop3Replies.LoggedInAlready : Pop3Replies.AfterLogin;
        if (login.User is not { } user)
            return Pop3Replies.UserFirst;
        login.User = null;

        var accounts = session.Services.Accounts;
        var name = session.Services.Identity.AccountNameOf(user, out var nameProblem);
        if (!accounts.MayRegister(session.Peer) || (name is not null && await accounts.FindAsync(name, cancellation) is not null))
            return await login.LogInAsync(name, argument, cancellation);
        if ((name is null ? nameProblem : Passwords.Problem(argument)) is { } problem)
            return Pop3Replies.BadPassword(problem);
        if (await accounts.CreateAsync(name!, argument, cancellation) is not { } created)
            return await login.RefuseAsync(name, cancellation);
        session.Observer.AccountCreated(created.Name.Text);
        return await session.OpenAsync(created, cancellation) ?? Pop3Replies.AccountCreated(created.Name.Text);
    }
}
