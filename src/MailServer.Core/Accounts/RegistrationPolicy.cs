using MailServer.Core.Wire;

namespace MailServer.Core.Accounts;

/// <summary>Who may make accounts in conversation, and speak as accounts without a password.</summary>
public enum RegistrationPolicy
{
    /// <summary>Clients on this machine.</summary>
    Local,

    /// <summary>Anybody who can connect.</summary>
    Open,

    /// <summary>Nobody; accounts are made on the command line.</summary>
    Closed,
}

public static class RegistrationPolicyRule
{
    /// <summary>True when this client may make accounts and use those without a password.</summary>
    public static bool Allows(this RegistrationPolicy policy, Peer peer) => policy switch
    {
        RegistrationPolicy.Open => true,
        RegistrationPolicy.Local => peer.IsLoopback,
        _ => false,
    };
}
