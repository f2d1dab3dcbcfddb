using MailServer.Core.Protocol;
using Microsoft.Extensions.Logging;

namespace MailServer;

/// <summary>Writes what one conversation reports to the log, with its transcript where that is wanted.</summary>
internal sealed class SessionLog(ILogger logger, string id, bool wantsTranscript) : ISessionObserver
{
    public bool WantsLines => wantsTranscript;

    public void LineReceived(string line) => logger.LineReceived(id, Printable(line));

    public void LineSent(string line) => logger.LineSent(id, Printable(line));

    public void Refused(string verb, string reply) => logger.Refused(id, Printable(verb), Printable(reply));

    public void LoggedIn(string account) => logger.LoggedIn(id, account);

    public void LoginRefused(string account) => logger.LoginRefused(id, Printable(account));

    public void AccountCreated(string account) => logger.AccountCreated(id, account);

    public void MessageStored(string reversePath, int recipients, long octets) =>
        logger.MessageStored(id, octets, Printable(reversePath), recipients);

    public void MessageRetrieved(long octets) => logger.MessageRetrieved(id, octets);

    public void MessagesDeleted(int count) => logger.MessagesDeleted(id, count);

    public void StoreFailed(Exception fault) => logger.StoreFailed(fault, id);

    // A client must not be able to write lines of its own into the log, or to steer the terminal that shows it.
    private static string Printable(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;
}
