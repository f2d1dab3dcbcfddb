namespace MailServer.Core.Accounts;

/// <summary>What the server is called, and whose mail it takes.</summary>
public sealed class ServerIdentity
{
    private readonly HashSet<string> _domains;
    private readonly HashSet<string> _machineNames;

    /// <param name="hostname">The name in greetings and trace headers.</param>
    /// <param name="domains">The domains whose mail is for us; the first one completes addresses without a domain.</param>
    /// <param name="machineName">What the machine calls itself, which is never taken for an account's name.</param>
    public ServerIdentity(string hostname, IReadOnlyList<string> domains, string machineName)
    {
        Hostname = hostname;
        PrimaryDomain = DomainName.ToAscii(domains[0]);
        _domains = new(domains.Select(DomainName.ToAscii), StringComparer.Ordinal);
        _machineNames = new([hostname, machineName, "localhost"], StringComparer.OrdinalIgnoreCase);
    }

    public string Hostname { get; }

    /// <summary>The domain of our accounts' own addresses, in ASCII, so that every header may hold it.</summary>
    public string PrimaryDomain { get; }

    /// <summary>True when mail for this domain is ours, however it is spelled.</summary>
    public bool Serves(string domain) => _domains.Contains(DomainName.ToAscii(domain));

    /// <summary>True when a HELO word names this machine rather than a person.</summary>
    public bool IsMachineName(string word) => _machineNames.Contains(word);

    /// <summary>The account of a login name: <c>alice@domain</c> of a domain that we serve is alice. Null and the reason when there can be none.</summary>
    public AccountName? AccountNameOf(string loginName, out string? problem)
    {
        var at = loginName.LastIndexOf('@');
        return AccountName.TryParse(at > 0 && Serves(loginName[(at + 1)..]) ? loginName[..at] : loginName, out problem);
    }

    /// <summary>True when two login names are one account's, in any spelling.</summary>
    public bool AreSame(string loginName, string other) =>
        loginName == other || (AccountNameOf(loginName, out _) is { } name && name.Equals(AccountNameOf(other, out _)));
}
