using System.Globalization;
using MailServer.Core.Accounts;
using MailServer.Core.Sessions;
using static MailServer.Settings.SettingParsers;

namespace MailServer.Settings;

/// <summary>Every setting, once, for the command line, the environment and the JSON file.</summary>
internal static class SettingTable
{
    private static readonly MailLimits Defaults = new();

    /// <summary>Where the JSON file is; the only setting that cannot stand in it.</summary>
    public static Setting Config { get; } = One(
        "config", "FILE", "DIR/mailserver.json if it exists", "JSON file of settings", FileName, (settings, _) => settings);

    /// <summary>Where the store lies, and the JSON file if nothing else is said.</summary>
    public static Setting Data { get; } = One(
        "data", "DIR", DataDirectory.Default, "data directory, created if missing", FileName, (s, value) => s with { DataDirectory = value });

    /// <summary>Which store it is; every command that works on accounts or mail needs to know.</summary>
    public static Setting Store { get; } = One(
        "store", StorageFactory.Form, StorageFactory.Default, "where accounts and mail lie: in the data directory, or in the server's memory and nowhere else", StorageFactory.Parse, (s, v) => s with { Store = v }) with
    { Shown = StorageFactory.Shown };

    /// <summary>How many connections each server takes, as far as the system's limit of open files lets it.</summary>
    public static Setting Connections { get; } = One(
        "connections",
        "COUNT",
        Defaults.Connections.ToString(CultureInfo.InvariantCulture),
        "connections of each server, as far as ulimit -n goes",
        Number(1, 1_000_000),
        (s, v) => s with { Limits = s.Limits with { Connections = v }, AreConnectionsChosen = true });

    /// <summary>The settings but for <see cref="Config"/> and <see cref="Data"/>, in the order of the help.</summary>
    public static IReadOnlyList<Setting> Rows { get; } =
    [
        Store,
        One("hostname", "NAME", "this machine's name", "name in greetings and trace headers", Hostname, (s, v) => s with { Hostname = v }) with { InForce = s => s.Hostname },
        Many("domain", "NAME", "hostname and localhost", "a domain whose mail is for us", Domain, (s, v) => s with { Domains = v }) with { InForce = s => string.Join(", ", s.ServedDomains) },
        Many("smtp", "[ADDR:]PORT[/tls]", "localhost:25", "where SMTP listens", EndPointText.Parse, (s, v) => s with { Smtp = v }),
        Many("pop3", "[ADDR:]PORT[/tls]", "localhost:110", "where POP3 listens", EndPointText.Parse, (s, v) => s with { Pop3 = v }),
        One("tls-cert", "FILE", "a self-signed one in DIR/tls", "certificate in PEM, with its chain; read again when it changes", FileName, (s, v) => s with { TlsCertificate = v }),
        One("tls-key", "FILE", "in the certificate's file", "private key in PEM", FileName, (s, v) => s with { TlsKey = v }),
        Choice<RegistrationPolicy>(
            "registration", "who may make accounts, use those without a password, and log in by EHLO and a password, in conversation", (s, v) => s with { Registration = v }),
        Choice<StartTlsPolicy>(
            "starttls", "whom STARTTLS and STLS are offered to; auto: all but clients on this machine while the certificate is our own", (s, v) => s with { StartTls = v }),
        Choice<Pop3Listing>("pop3-listing", "what LIST and RETR look like", (s, v) => s with { Pop3Listing = v }),
        One("catch-all", "NAME", "off", "account for every unknown recipient of any domain", Account, (s, v) => s with { CatchAll = v }),
        Flag("transcript", "log every line of every conversation, passwords masked", (s, v) => s with { Transcript = v }),
        Choice<LogFormat>("log-format", "what a line of the log looks like: text to read, or a JSON object with named values", (s, v) => s with { LogFormat = v }),
        Choice<BareLineFeed>("bare-line-feed", "what becomes of a bare LF in a message", (s, v) => s with { BareLineFeed = v }),
        Flag("auth-without-tls", "let passwords cross a network in clear", (s, v) => s with { AuthWithoutTls = v }),
        One("bcrypt-cost", "4..15", "11", "how slow to make passwords to guess; each step doubles it", Number(4, 15), (s, v) => s with { BcryptCost = v }),
        Connections,
        Count(
            "connections-per-address",
            Defaults.ConnectionsPerAddress,
            "connections from one address that is not loopback",
            1,
            1_000_000,
            (l, v) => l with { ConnectionsPerAddress = v }),
        Octets("message-size", Defaults.MessageSize, "octets of a message", 1024, 1L << 40, (l, v) => l with { MessageSize = v }),
        Octets("mailbox-size", Defaults.MailboxSize, "octets of a mailbox; 0 for no limit", 0, 1L << 50, (l, v) => l with { MailboxSize = v }),
        Octets("command-line", Defaults.CommandLine, "octets of a command line", 512, 1 << 20, (l, v) => l with { CommandLine = (int)v }),
        Octets("auth-line", Defaults.AuthLine, "octets of an AUTH line", 512, 1 << 20, (l, v) => l with { AuthLine = (int)v }),
        Octets("unended-line", Defaults.UnendedLine, "octets without a line end before closing", 1 << 16, 1 << 26, (l, v) => l with { UnendedLine = (int)v }),
        Count("recipients", Defaults.Recipients, "recipients of a message", 1, 1_000_000, (l, v) => l with { Recipients = v }),
        Count("hops", Defaults.Hops, "Received fields of a message", 1, 1_000, (l, v) => l with { Hops = v }),
        Count("bad-commands", Defaults.BadCommands, "commands refused in a row before closing", 1, 1_000_000, (l, v) => l with { BadCommands = v }),
        Count("failed-logins", Defaults.FailedLogins, "failed logins before closing", 1, 1_000, (l, v) => l with { FailedLogins = v }),
        Count(
            "failed-logins-per-address",
            Defaults.FailedLoginsPerAddress,
            "failed logins from one address in ten minutes before none is tried",
            1,
            1_000_000,
            (l, v) => l with { FailedLoginsPerAddress = v }),
        Idle("smtp-idle", Defaults.SmtpIdle, "silence of an SMTP client before closing", (l, v) => l with { SmtpIdle = v }),
        Idle("data-block", Defaults.DataBlock, "silence within a message before closing", (l, v) => l with { DataBlock = v }),
        Idle("tls-handshake", Defaults.TlsHandshake, "time for a TLS handshake", (l, v) => l with { TlsHandshake = v }),
        Idle("pop3-idle", Defaults.Pop3Idle, "silence of a POP3 client before closing", (l, v) => l with { Pop3Idle = v }),
    ];

    private static Setting One<T>(
        string name, string form, string initial, string help, Func<string, T> parse, Func<ServerSettings, T, ServerSettings> set) =>
        new(name, form, initial, help, (settings, values) => set(settings, parse(values[^1])));

    private static Setting Many<T>(
        string name, string form, string initial, string help, Func<string, T> parse, Func<ServerSettings, IReadOnlyList<T>, ServerSettings> set) =>
        new(name, form, initial, help, (settings, values) => set(settings, [.. values.Select(parse)])) { IsRepeatable = true };

    private static Setting Flag(string name, string help, Func<ServerSettings, bool, ServerSettings> set) =>
        One(name, "", "off", help, SettingParsers.Flag, set);

    private static Setting Choice<T>(string name, string help, Func<ServerSettings, T, ServerSettings> set)
        where T : struct, Enum =>
        One(name, string.Join('|', Enum.GetValues<T>().Select(Word)), Word(default(T)), help, SettingParsers.Choice<T>, set);

    private static Setting Count(string name, int initial, string help, int min, int max, Func<MailLimits, int, MailLimits> set) =>
        Limit(name, "COUNT", initial.ToString(CultureInfo.InvariantCulture), help, Number(min, max), set);

    private static Setting Octets(string name, long initial, string help, long min, long max, Func<MailLimits, long, MailLimits> set) =>
        Limit(name, "SIZE", initial.ToString(CultureInfo.InvariantCulture), help, Size(min, max), set);

    private static Setting Idle(string name, TimeSpan initial, string help, Func<MailLimits, TimeSpan, MailLimits> set) =>
        Limit(name, "TIME", initial.TotalMinutes >= 1 ? $"{initial.TotalMinutes:0}m" : $"{initial.TotalSeconds:0}s", help, Time, set);

    private static Setting Limit<T>(
        string name, string form, string initial, string help, Func<string, T> parse, Func<MailLimits, T, MailLimits> set) =>
        One(name, form, initial, help, parse, (settings, value) => settings with { Limits = set(settings.Limits, value) });
}
