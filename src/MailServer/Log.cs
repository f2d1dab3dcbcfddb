using System.Net;
using Microsoft.Extensions.Logging;

namespace MailServer;

/// <summary>Every event of the log. None of them holds a password or a message's text.</summary>
internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Serving as {Hostname}, data in {Directory}")]
    public static partial void Started(this ILogger logger, string hostname, string directory);

    [LoggerMessage(LogLevel.Warning, "{What}")]
    public static partial void StoreTold(this ILogger logger, string what);

    [LoggerMessage(LogLevel.Error, "The mail store goes on after an internal error")]
    public static partial void StoreTroubled(this ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Critical, "The writer of the mail store is broken, which should be impossible; the server ends, start it again")]
    public static partial void StoreBroken(this ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Error, "Something that listens to the metrics fails, which is told only once; the server goes on")]
    public static partial void MeterListenerFailed(this ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Information, "Stopping")]
    public static partial void Stopping(this ILogger logger);

    [LoggerMessage(LogLevel.Information, "Stopped")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(LogLevel.Warning, "There is no setting for {Variables} of the environment, which changes nothing; mailserver config lists the settings")]
    public static partial void UnknownVariables(this ILogger logger, string variables);

    [LoggerMessage(LogLevel.Warning, "{EndPoint} can be reached from other machines while registration is {Policy}: whom it allows may make accounts and use those without a password; --registration closed forbids it")]
    public static partial void OpenToOthers(this ILogger logger, IPEndPoint endPoint, string policy);

    [LoggerMessage(LogLevel.Warning, "Each server takes {Possible} connections instead of {Wanted}, because the system lets this process open too few files; ulimit -n, or LimitNOFILE in a systemd unit, raises that")]
    public static partial void TooFewOpenFiles(this ILogger logger, int possible, int wanted);

    [LoggerMessage(LogLevel.Warning, "{EndPoint} begins in clear text, where programs expect TLS from the first octet on port {Port}; write {EndPoint}/tls")]
    public static partial void TlsPortInClear(this ILogger logger, string endPoint, int port);

    [LoggerMessage(LogLevel.Information, "Try: telnet localhost {Port}, then HELO your-name")]
    public static partial void FirstStart(this ILogger logger, int port);

    [LoggerMessage(LogLevel.Information, "{Protocol} listening on {EndPoint}{WithTls}")]
    public static partial void Listening(this ILogger logger, string protocol, IPEndPoint endPoint, string withTls);

    [LoggerMessage(LogLevel.Information, "TLS with the certificate {File}, SHA-256 fingerprint {Fingerprint}")]
    public static partial void Certificate(this ILogger logger, string file, string fingerprint);

    [LoggerMessage(LogLevel.Warning, "There is no account {Account} to catch all mail; unknown recipients are refused until it is made")]
    public static partial void NoCatchAll(this ILogger logger, string account);

    [LoggerMessage(LogLevel.Warning, "The changed certificate is not used: {Reason}")]
    public static partial void CertificateNotReloaded(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "The self-signed certificate was made anew, and clients that trusted the old one must be told to trust it: {Reason}")]
    public static partial void CertificateRenewed(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "Clients will refuse TLS: {Reason}")]
    public static partial void CertificateOutOfTime(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "{Session} got no further than the TLS handshake: {Reason}")]
    public static partial void HandshakeFailed(this ILogger logger, string session, string reason);

    [LoggerMessage(LogLevel.Warning, "{Session} sent octets in clear behind the command that starts TLS; cut off")]
    public static partial void Injection(this ILogger logger, string session);

    [LoggerMessage(LogLevel.Warning, "{Protocol} may not use port {StandardPort} here; taking {OtherPort} instead")]
    public static partial void StandardPortNotPermitted(this ILogger logger, string protocol, int standardPort, int otherPort);

    [LoggerMessage(LogLevel.Error, "{Protocol} cannot accept a connection: {Reason}; trying again in {Pause}")]
    public static partial void AcceptFailed(this ILogger logger, string protocol, string reason, TimeSpan pause);

    [LoggerMessage(LogLevel.Critical, "{Protocol} could not accept a client because of an internal error; going on in {Pause}")]
    public static partial void AcceptBroken(this ILogger logger, Exception exception, string protocol, TimeSpan pause);

    [LoggerMessage(LogLevel.Warning, "{Protocol} refused {Address}: too many connections")]
    public static partial void TooManyConnections(this ILogger logger, string protocol, IPAddress address);

    [LoggerMessage(LogLevel.Warning, "{Protocol} does not wait any longer for conversations: {Count}")]
    public static partial void CuttingOff(this ILogger logger, string protocol, int count);

    [LoggerMessage(LogLevel.Information, "{Session} connected from {Address}")]
    public static partial void Connected(this ILogger logger, string session, IPAddress address);

    [LoggerMessage(LogLevel.Debug, "{Session} disconnected")]
    public static partial void Disconnected(this ILogger logger, string session);

    [LoggerMessage(LogLevel.Information, "{Session} was silent for too long")]
    public static partial void TimedOut(this ILogger logger, string session);

    [LoggerMessage(LogLevel.Information, "{Session} does not read its answers; cut off")]
    public static partial void NotReading(this ILogger logger, string session);

    [LoggerMessage(LogLevel.Error, "{Session} failed because of an internal error")]
    public static partial void SessionFault(this ILogger logger, Exception exception, string session);

    [LoggerMessage(LogLevel.Information, "{Session} C: {Line}")]
    public static partial void LineReceived(this ILogger logger, string session, string line);

    [LoggerMessage(LogLevel.Information, "{Session} S: {Line}")]
    public static partial void LineSent(this ILogger logger, string session, string line);

    [LoggerMessage(LogLevel.Debug, "{Session} is in the state {State}")]
    public static partial void StateEntered(this ILogger logger, string session, string state);

    [LoggerMessage(LogLevel.Information, "{Session} [{Peer}] {Verb} refused: {Reply}")]
    public static partial void Refused(this ILogger logger, string session, IPAddress peer, string verb, string reply);

    [LoggerMessage(LogLevel.Information, "{Session} speaks as {Account}")]
    public static partial void LoggedIn(this ILogger logger, string session, string account);

    [LoggerMessage(LogLevel.Warning, "{Session} [{Peer}] failed to log in as {Account}")]
    public static partial void LoginRefused(this ILogger logger, string session, IPAddress peer, string account);

    [LoggerMessage(LogLevel.Information, "{Session} made the account {Account}")]
    public static partial void AccountCreated(this ILogger logger, string session, string account);

    [LoggerMessage(LogLevel.Information, "{Session} stored {Id}: size={Octets}, from=<{ReversePath}>, to={Recipients}, peer={Peer}, account={Account}")]
    public static partial void MessageStored(
        this ILogger logger, string session, string id, long octets, string reversePath, string recipients, IPAddress peer, string account);

    [LoggerMessage(LogLevel.Information, "{Session} ended within the message {Id}, of which nothing is kept: octets={Octets}, from=<{ReversePath}>, peer={Peer}")]
    public static partial void MessageBrokenOff(this ILogger logger, string session, string id, long octets, string reversePath, IPAddress peer);

    [LoggerMessage(LogLevel.Information, "{Session} retrieved messages: {Count}, octets: {Octets}")]
    public static partial void MessagesRetrieved(this ILogger logger, string session, int count, long octets);

    [LoggerMessage(LogLevel.Information, "{Session} deleted messages: {Count}")]
    public static partial void MessagesDeleted(this ILogger logger, string session, int count);

    [LoggerMessage(LogLevel.Error, "{Session} was told that the store failed: {Reason}")]
    public static partial void StoreFailed(this ILogger logger, string session, string reason);
}
