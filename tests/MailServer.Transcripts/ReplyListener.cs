using MailServer.Core.Accounts;
using MailServer.Core.Sessions;

namespace MailServer.Transcripts;

/// <summary>Keeps the lines of replies. Wants the client's too, so that the code that masks secrets runs.</summary>
internal sealed class ReplyListener(List<string> replies) : ISessionObserver
{
    public bool WantsLines => true;

    public void LineReceived(string line)
    {
    }

    public void LineSent(string line) => replies.Add(line);

    public void StateEntered(string state)
    {
    }

    public void Refused(string verb, string status, string reply)
    {
    }

    public void LoggedIn(string account)
    {
    }

    public void LoginRefused(string account)
    {
    }

    public void AccountCreated(string account)
    {
    }

    public void MessageStored(string id, string reversePath, IEnumerable<AccountName> recipients, long octets, AccountName? account)
    {
    }

    public void MessageBrokenOff(string id, string reversePath, long octets)
    {
    }

    public void MessageRetrieved(long octets)
    {
    }

    public void MessagesDeleted(int count)
    {
    }

    public void StoreFailed(Exception fault)
    {
    }
}
