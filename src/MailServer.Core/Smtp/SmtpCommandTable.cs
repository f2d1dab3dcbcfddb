using MailServer.Core.Sessions;
using MailServer.Core.Smtp.Commands;
using static MailServer.Core.Smtp.SmtpState;

namespace MailServer.Core.Smtp;

/// <summary>Which SMTP command may come when, and where it leads.</summary>
public static class SmtpCommandTable
{
    public static CommandTable<SmtpCommand, SmtpState> Standard { get; } = new(
    [
        // command             may come in   and leads to   by way of
        new(new HeloCommand(), AnyCommand, Ready),
        new(new EhloCommand(), AnyCommand, Ready),
        new(new PassCommand(), Ready),
        new(new AuthCommand(), Ready),
        new(new StartTlsCommand(), Ready, Connected),
        new(new MailCommand(), Ready, Sender),
        new(new RcptCommand(), Sender | Recipients, Recipients),
        new(new DataCommand(), Recipients, Ready),
        new(new BdatCommand(), Recipients | Chunks, Ready, Chunks),
        new(new RsetCommand(), Connected),
        new(new RsetCommand(), Greeted, Ready),
        new(new VrfyCommand(), AnyCommand),
        new(new ExpnCommand(), AnyCommand),
        new(new HelpCommand(), AnyCommand),
        new(new NoopCommand(), AnyCommand),
        new(new QuitCommand(), AnyCommand, Closed),
    ]);
}
