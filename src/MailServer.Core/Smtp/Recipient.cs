using MailServer.Core.Accounts;
using MailServer.Core.Routing;

namespace MailServer.Core.Smtp;

/// <summary>Whom RCPT named, and where the message goes for him.</summary>
/// <param name="Path">The address as named, with our domain where it had none.</param>
/// <param name="Parameters">What RCPT said besides.</param>
public abstract record Recipient(MailPath Path, RcptParameters Parameters)
{
    /// <summary>Into a mailbox here.</summary>
    public sealed record Local(Account Account, MailPath Path, RcptParameters Parameters) : Recipient(Path, Parameters);

    /// <summary>On to another server.</summary>
    public sealed record Remote(MailPath Path, RcptParameters Parameters) : Recipient(Path, Parameters);
}
