using System.Globalization;
using System.Net;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Core.Sessions;
using MailServer.Core.Wire;
using Microsoft.Extensions.Logging;

namespace MailServer;

/// <summary>Puts what one session reports into the log and the metrics, with its transcript where that is wanted.</summary>
/// <param name="id">What the log calls the conversation.</param>
/// <param name="protocol">What the metrics call its daemon.</param>
/// <param name="peer">The client's address.</param>
internal sealed class SessionLog(ILogger logger, Metrics metrics, string id, string protocol, IPAddress peer, bool wantsTranscript) : ISessionObserver
{
    private const int ShownRecipients = 5;

    private readonly string _session = id;
    private int _retrieved;
    private long _retrievedOctets;

    // Why the store refuses what is refused next, with names that no reply tells a stranger.
    private string? _cause;

    public bool WantsLines => wantsTranscript;

    public void LineReceived(string line) => logger.LineReceived(_session, Printable(line));

    public void LineSent(string line) => logger.LineSent(_session, Printable(line));

    public void StateEntered(string state) => logger.StateEntered(_session, state);

    public void Refused(string verb, string status, string reply)
    {
        metrics.Refused(protocol, status);
        logger.Refused(_session, peer, Printable(verb), Printable(_cause is null ? reply : $"{reply} ({_cause})"));
        _cause = null;
    }

    public void LoggedIn(string account)
    {
        metrics.LoggedIn(protocol);
        logger.LoggedIn(_session, account);
    }

    public void LoginRefused(string account)
    {
        metrics.LoginRefused(protocol);
        logger.LoginRefused(_session, peer, Printable(account));
    }

    public void AccountCreated(string account) => logger.AccountCreated(_session, account);

    public void MessageStored(string id, string reversePath, IEnumerable<AccountName> recipients, long octets, AccountName? account)
    {
        metrics.Received(octets);
        if (logger.IsEnabled(LogLevel.Information))
            logger.MessageStored(_session, id, octets, Address(reversePath), ListOf(recipients), peer, account?.Text ?? "-");
    }

    public void MessageBrokenOff(string id, string reversePath, long octets) =>
        logger.MessageBrokenOff(_session, id, octets, Address(reversePath), peer);

    public void MessageRetrieved(long octets)
    {
        metrics.Retrieved(octets);
        _retrieved++;
        _retrievedOctets += octets;
    }

    public void MessagesDeleted(int count)
    {
        metrics.Deleted(count);
        logger.MessagesDeleted(_session, count);
    }

    public void StoreFailed(Exception fault)
    {
        if (fault is StoreFault { IsRefusal: true })
        {
            _cause = fault.Message;
            return;
        }

        metrics.Failed("store");
        logger.StoreFailed(_session, fault.InnerException is { } cause ? $"{fault.Message} ({cause.Message})" : fault.Message);
    }

    /// <summary>A client was taken in.</summary>
    public void Began() => logger.Connected(_session, peer);

    /// <summary>The session is over. What was retrieved is told in one line: a line a message would cost more than the message.</summary>
    public void Ended()
    {
        if (_retrieved > 0)
            logger.MessagesRetrieved(_session, _retrieved, _retrievedOctets);
        logger.Disconnected(_session);
    }

    private static string ListOf(IEnumerable<AccountName> recipients)
    {
        var all = recipients.ToList();
        var list = string.Join(", ", all.Take(ShownRecipients).Select(recipient => $"<{recipient}>"));
        return all.Count > ShownRecipients ? string.Create(CultureInfo.InvariantCulture, $"{list} and {all.Count - ShownRecipients} more") : list;
    }

    // Nor may a quoted name end its place in a line and go on as another.
    private static string Address(string path) => Printable(path).Replace('<', '?').Replace('>', '?').Replace(' ', '?');

    // A client must not be able to write lines of its own into the log, or to steer the terminal that shows it.
    private static string Printable(string text) => PrintableText.Of(text, '?');
}
