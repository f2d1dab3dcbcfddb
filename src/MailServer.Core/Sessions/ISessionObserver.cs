using MailServer.Core.Accounts;

namespace MailServer.Core.Sessions;

/// <summary>
/// The one way in which a session reports what happens: to the log, the metrics and the transcript.
/// Nothing that passes here holds a password or a message's text.
/// </summary>
public interface ISessionObserver
{
    /// <summary>True when <see cref="LineReceived"/> and <see cref="LineSent"/> are wanted.</summary>
    bool WantsLines { get; }

    /// <summary>A command line came; secrets in it are masked as <c>***</c>.</summary>
    void LineReceived(string line);

    /// <summary>A line of a reply was written, without its line end.</summary>
    void LineSent(string line);

    /// <summary>The session entered this state. Told only where lines are wanted.</summary>
    void StateEntered(string state);

    /// <summary>A command or a message was refused.</summary>
    /// <param name="verb">The command's verb in upper case, or <c>?</c> for one that we do not know.</param>
    /// <param name="status">The reply's code: see <see cref="IReply.Status"/>.</param>
    /// <param name="reply">The first line of the reply.</param>
    void Refused(string verb, string status, string reply);

    /// <summary>The client now speaks as this account.</summary>
    void LoggedIn(string account);

    /// <summary>A name and password were refused. Only the name is told, and only if it is well-formed.</summary>
    void LoginRefused(string account);

    /// <summary>An account was made in conversation.</summary>
    void AccountCreated(string account);

    /// <summary>A message is on disk for all of its recipients.</summary>
    /// <param name="id">What the reply and the trace header call it.</param>
    /// <param name="account">Whom the client speaks as, or null.</param>
    void MessageStored(string id, string reversePath, IEnumerable<AccountName> recipients, long octets, AccountName? account);

    /// <summary>The session ended within a message, of which nothing is kept.</summary>
    /// <param name="octets">Octets of the message that had come.</param>
    void MessageBrokenOff(string id, string reversePath, long octets);

    /// <summary>A message was sent to the client whole.</summary>
    void MessageRetrieved(long octets);

    /// <summary>Deletions were carried out at QUIT.</summary>
    void MessagesDeleted(int count);

    /// <summary>The store could not do what the client asked for; <see cref="Refused"/> follows where there is still a reply to give.</summary>
    void StoreFailed(Exception fault);
}
