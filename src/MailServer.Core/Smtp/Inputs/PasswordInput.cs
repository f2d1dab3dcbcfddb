using MailServer.Core.Accounts;
using MailServer.Core.Sessions;

namespace MailServer.Core.Smtp.Inputs;

/// <summary>
/// EHLO with a bare name was accepted: the next line is a command, upon which the offer lapses, or the password of this account
/// (the classic conversation).
/// </summary>
/// <param name="takesPassOnly">True after a line that looked like a mistyped command: from now on only PASS is taken as the password.</param>
internal sealed class PasswordInput(SmtpSession session, CommandTable<SmtpCommand, SmtpState> table, AccountName account, bool takesPassOnly = false)
    : SmtpCommandInput(session, table)
{
    public AccountName Account { get; } = account;

    /// <summary>The same offer once more, for the next line.</summary>
    public PasswordInput Again(bool takesPassOnly = false) => new(Session, Table, Account, takesPassOnly);

    protected override async ValueTask<SmtpOutcome> RunUnknownAsync(string line, CancellationToken cancellation)
    {
        if (takesPassOnly)
            return SmtpReplies.UnknownCommand;
        if (VerbTypos.LooksLikeCommand(line))
            return new(SmtpReplies.NotAPassword, Again(takesPassOnly: true));
        return await ClassicGreeting.TakePasswordAsync(Session, this, line, cancellation) with { Verb = "PASS" };
    }
}
