using System.Buffers;
using MailServer.Core.Accounts;
using MailServer.Core.Sessions;
using MailServer.Core.Smtp.Commands;
using MailServer.Core.Wire;

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

    // A password may begin with a verb: of a line that is not of its command's form only the verb is shown.
    protected override string Masked(SmtpCommand? command, string line)
    {
        var masked = base.Masked(command, line);
        return masked != line || IsOfForm(command, CommandText.Split(line).Argument) ? masked : $"{command!.Verb} {CommandText.Mask}";
    }

    // A terminal in the letters of a code page.
    protected override SmtpOutcome RefuseUnreadable(ReadOnlySequence<byte> line) =>
        BdatCommand.IsMeantIn(line) ? base.RefuseUnreadable(line) : new(SmtpReplies.BadPassword("A password is UTF-8 text without control characters"), Again(takesPassOnly));

    protected override async ValueTask<SmtpOutcome> RunUnknownAsync(string line, CancellationToken cancellation)
    {
        if (takesPassOnly)
            return SmtpReplies.UnknownCommand;
        if (VerbTypos.LooksLikeCommand(line))
            return new(SmtpReplies.NotAPassword, Again(takesPassOnly: true));
        return await ClassicGreeting.TakePasswordAsync(Session, this, line, cancellation) with { Verb = "PASS" };
    }

    // MAIL and RCPT name a path behind their keyword, BDAT octets; the lines of all others are masked, or have no argument.
    private static bool IsOfForm(SmtpCommand? command, string argument) => command?.Verb switch
    {
        "MAIL" => NamesPath(argument, "FROM"),
        "RCPT" => NamesPath(argument, "TO"),
        "BDAT" => argument.TrimStart() is [>= '0' and <= '9', ..],
        _ => argument.Length == 0,
    };

    private static bool NamesPath(string argument, string keyword) =>
        argument.TrimStart() is var text && text.StartsWith(keyword, StringComparison.OrdinalIgnoreCase) && text[keyword.Length..].TrimStart() is [':', ..];
}
