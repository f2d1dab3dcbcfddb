using System.Net;
using MailServer.Core.Accounts;
using MailServer.Core.Sessions;

namespace MailServer.Settings;

/// <summary>Everything that whoever runs the server can choose. A new one holds the defaults.</summary>
public sealed record ServerSettings
{
    /// <summary>Where the store and the logs lie.</summary>
    public string DataDirectory { get; init; } = MailServer.DataDirectory.Default;

    /// <summary>Which store it is.</summary>
    public string Store { get; init; } = StorageFactory.Default;

    /// <summary>The name in greetings and trace headers.</summary>
    public string Hostname { get; init; } = DefaultHostname();

    /// <summary>What the machine calls itself, which is never taken for an account's name.</summary>
    public string MachineName { get; init; } = Environment.MachineName;

    /// <summary>The domains whose mail is for us. Empty: the hostname and localhost.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>The domains whose mail is for us; the first one completes addresses without a domain.</summary>
    public IReadOnlyList<string> ServedDomains =>
        Domains is [] ? [.. new[] { Hostname, "localhost" }.Distinct(StringComparer.OrdinalIgnoreCase)] : Domains;

    /// <summary>Where SMTP listens. Empty: localhost:25, or 2525 where 25 is not permitted.</summary>
    public IReadOnlyList<EndPointText> Smtp { get; init; } = [];

    /// <summary>Where POP3 listens. Empty: localhost:110, or 1100 where 110 is not permitted.</summary>
    public IReadOnlyList<EndPointText> Pop3 { get; init; } = [];

    /// <summary>The certificate's PEM file, or null for a self-signed one.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>The private key's PEM file, or null when it is in the certificate's.</summary>
    public string? TlsKey { get; init; }

    /// <summary>Whom STARTTLS and STLS are offered to.</summary>
    public StartTlsPolicy StartTls { get; init; }

    public RegistrationPolicy Registration { get; init; }

    public Pop3Listing Pop3Listing { get; init; }

    /// <summary>The account that takes the mail of every unknown recipient of any domain, or null.</summary>
    public AccountName? CatchAll { get; init; }

    /// <summary>What a line of the log looks like.</summary>
    public LogFormat LogFormat { get; init; }

    /// <summary>True when every line of every conversation goes to the log, with passwords masked.</summary>
    public bool Transcript { get; init; }

    public BareLineFeed BareLineFeed { get; init; }

    /// <summary>True when passwords may cross a network in clear.</summary>
    public bool AuthWithoutTls { get; init; }

    /// <summary>The base-2 logarithm of bcrypt's rounds. 11 takes a fifth of a second.</summary>
    public int BcryptCost { get; init; } = 11;

    public MailLimits Limits { get; init; } = new();

    /// <summary>True when somebody chose how many connections there may be, who is told when there cannot be so many.</summary>
    public bool AreConnectionsChosen { get; init; }

    /// <summary>Variables of the environment that look like settings and are none.</summary>
    public IReadOnlyList<string> UnknownVariables { get; init; } = [];

    // A machine may be called what is no hostname.
    private static string DefaultHostname()
    {
        var name = Dns.GetHostName();
        return SettingParsers.IsHostname(name) ? name : "localhost";
    }
}
