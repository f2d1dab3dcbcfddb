using System.Net;
using MailServer.Core.Protocol;
using Microsoft.Extensions.Logging;

namespace MailServer;

/// <summary>Puts what one conversation reports into the log and the metrics, with its transcript where that is wanted.</summary>
/// <param name="id">What the log calls the conversation.</param>
/// <param name="protocol">What the metrics call its daemon.</param>
internal sealed class SessionLog(ILogger logger, Metrics metrics, string id, string protocol, bool wantsTranscript) : ISessionObserver
{
    private int _retrieved;
    private long _retrievedOctets;

    public bool WantsLines => wantsTranscript;

    public void LineReceived(string line) => logger.LineReceived(id, Printable(line));

    public void LineSent(string line) => logger.LineSent(id, Printable(line));

    public void Refused(string verb, string reply)
    {
        metrics.Refused(protocol, reply);
        logger.Refused(id, Printable(verb), Printable(reply));
    }

    public void LoggedIn(string account)
    {
        metrics.LoggedIn(protocol);
        logger.LoggedIn(id, account);
    }

    public void LoginRefused(string account)
    {
        metrics.LoginRefused(protocol);
        logger.LoginRefused(id, Printable(account));
    }

    public void AccountCreated(string account) => logger.AccountCreated(id, account);

    public void MessageStored(string reversePath, int recipients, long octets)
    {
        metrics.Received(octets);
        logger.MessageStored(id, octets, Printable(reversePath), recipients);
    }

    public void MessageRetrieved(long octets)
    {
        metrics.Retrieved(octets);
        _retrieved++;
        _retrievedOctets += octets;
    }

    public void MessagesDeleted(int count)
    {
        metrics.Deleted(count);
        logger.MessagesDeleted(id, count);
    }

    public void StoreFailed(Exception fault)
    {
        metrics.Failed("store");
        logger.StoreFailed(id, fault.InnerException is { } cause ? $"{fault.Message} ({cause.Message})" : fault.Message);
    }

    /// <summary>A client was taken in.</summary>
    public void Began(IPAddress address) => logger.Connected(id, address);

    /// <summary>The conversation is over. What was taken is told in one line: a line a message would cost more than the message.</summary>
    public void Ended()
    {
        if (_retrieved > 0)
            logger.MessagesRetrieved(id, _retrieved, _retrievedOctets);
        logger.Disconnected(id);
    }

    // A client must not be able to write lines of its own into the log, or to steer the terminal that shows it.
    private static string Printable(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;
}
