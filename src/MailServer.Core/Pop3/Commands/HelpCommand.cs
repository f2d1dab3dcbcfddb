namespace MailServer.Core.Pop3.Commands;

/// <summary>HELP, for a person at a prompt; not in any RFC.</summary>
internal sealed class HelpCommand : Pop3Command
{
    public override string Verb => "HELP";

    public override string Usage => "HELP";

    public override string Purpose => "show what can be said";

    public override ValueTask<Pop3Reply> ExecuteAsync(Pop3Session session, string argument, CancellationToken cancellation) =>
        ValueTask.FromResult(Pop3Replies.Help(
            new TextRows(Pop3CommandTable.Rows.Select(row => $"{row.Command.Usage} - {row.Command.Purpose}"))));
}
