using MailServer.Core.Pop3.Commands;
using MailServer.Core.Sessions;
using static MailServer.Core.Pop3.Pop3State;

namespace MailServer.Core.Pop3;

/// <summary>Which POP3 command may come when, and where it leads. A +OK that asks for more (USER's, a challenge) moves nothing yet.</summary>
public static class Pop3CommandTable
{
    public static CommandTable<Pop3Command, Pop3State> Standard { get; } = new(
    [
        // command             may come in    and leads to
        new(new UserCommand(), Authorization, Transaction),
        new(new PassCommand(), Any, Transaction),
        new(new AuthCommand(), Authorization, Transaction),
        new(new StlsCommand(), Authorization),
        new(new Utf8Command(), Authorization),
        new(new CapaCommand(), Any),
        new(new StatCommand(), Transaction),
        new(new ListCommand(), Transaction),
        new(new UidlCommand(), Transaction),
        new(new RetrCommand(), Transaction),
        new(new TopCommand(), Transaction),
        new(new DeleCommand(), Transaction),
        new(new RsetCommand(), Transaction),
        new(new NoopCommand(), Transaction),
        new(new HelpCommand(), Any),
        new(new QuitCommand(), Any, Closed),
    ]);
}
