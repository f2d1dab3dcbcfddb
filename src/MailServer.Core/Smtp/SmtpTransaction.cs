using MailServer.Core.Accounts;

namespace MailServer.Core.Smtp;

/// <summary>One message on its way: from MAIL to the end of the text, or to RSET (RFC 5321 3.3).</summary>
/// <param name="reversePath">The sender's address, empty for the null reverse path.</param>
public sealed class SmtpTransaction(string reversePath) : IAsyncDisposable
{
    private readonly List<Account> _recipients = [];

    public string ReversePath { get; } = reversePath;

    /// <summary>The accounts that the message is for, each once.</summary>
    public IReadOnlyList<Account> Recipients => _recipients;

    /// <summary>The address that the first recipient was named by.</summary>
    public string FirstForwardPath { get; private set; } = "";

    /// <summary>The text that comes in; null before DATA.</summary>
    public TextIntake? Text { get; set; }

    /// <summary>True when the account is a recipient already: the same mailbox named twice gets one copy.</summary>
    public bool Includes(Account account)
    {
        foreach (var recipient in _recipients)
        {
            if (recipient.Id == account.Id)
                return true;
        }

        return false;
    }

    public void Add(Account account, string forwardPath)
    {
        if (_recipients.Count == 0)
            FirstForwardPath = forwardPath;
        _recipients.Add(account);
    }

    public ValueTask DisposeAsync() => Text?.DisposeAsync() ?? ValueTask.CompletedTask;
}
