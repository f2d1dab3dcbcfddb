using System.Runtime.CompilerServices;

namespace MailServer.Core.Sessions;

/// <summary>Every limit that can be set (fixed ones stand where they act), its default, and why it is that; a value that makes no sense is refused where it is set. What crossing one is answered with stands in docs/operating.md.</summary>
public sealed record MailLimits
{
    /// <summary>Connections of one server in all. 10,000 idle ones fit in 100 MB.</summary>
    public int Connections { get; init => field = Positive(value); } = 10_000;

    /// <summary>Connections from one address that is not loopback, so that one host cannot take every place.</summary>
    public int ConnectionsPerAddress { get; init => field = Positive(value); } = 50;

    /// <summary>Octets of a command line with its line end. RFC 5321 4.5.3.1.4 asks for 512 and room for extensions.</summary>
    public int CommandLine { get; init => field = Positive(value); } = 4_096;

    /// <summary>Octets of an AUTH line or a SASL response (RFC 4954 4: 12,288).</summary>
    public int AuthLine { get; init => field = Positive(value); } = 12_288;

    /// <summary>Octets without a line end after which the connection is closed rather than listened to.</summary>
    public int UnendedLine { get; init => field = Positive(value); } = 1024 * 1024;

    /// <summary>Octets of a message as sent, without our trace header (RFC 1870). The usual size of large providers.</summary>
    public long MessageSize { get; init => field = Positive(value); } = 50L * 1024 * 1024;

    /// <summary>Octets of a mailbox; 0 for no limit, because mail that is refused is mail that somebody misses.</summary>
    public long MailboxSize { get; init => field = NotNegative(value); }

    /// <summary>Recipients of one message. RFC 5321 4.5.3.1.8 asks for at least 100.</summary>
    public int Recipients { get; init => field = Positive(value); } = 1_000;

    /// <summary>Received fields of a message, above which it is taken for a mail loop (RFC 5321 6.3: at least 100).</summary>
    public int Hops { get; init => field = Positive(value); } = 100;

    /// <summary>Commands refused in a row, after which the client is taken to be broken.</summary>
    public int BadCommands { get; init => field = Positive(value); } = 20;

    /// <summary>Failed logins of one session, after which it ends.</summary>
    public int FailedLogins { get; init => field = Positive(value); } = 3;

    /// <summary>Failed logins from one address, not loopback, within ten minutes, after which none is tried for it: 20 are typing, more are guessing.</summary>
    public int FailedLoginsPerAddress { get; init => field = Positive(value); } = 20;

    /// <summary>Silence of an SMTP client between commands (RFC 5321 4.5.3.2.7: at least 5 minutes).</summary>
    public TimeSpan SmtpIdle { get; init => field = Positive(value); } = TimeSpan.FromMinutes(5);

    /// <summary>Silence between two blocks of a message's text (RFC 5321 4.5.3.2.5: 3 minutes).</summary>
    public TimeSpan DataBlock { get; init => field = Positive(value); } = TimeSpan.FromMinutes(3);

    /// <summary>How long a TLS handshake may take in all: a program needs a second.</summary>
    public TimeSpan TlsHandshake { get; init => field = Positive(value); } = TimeSpan.FromSeconds(30);

    /// <summary>Silence of a POP3 client (RFC 1939 3: at least 10 minutes).</summary>
    public TimeSpan Pop3Idle { get; init => field = Positive(value); } = TimeSpan.FromMinutes(10);

    private static T Positive<T>(T value, [CallerMemberName] string limit = "")
        where T : struct, IComparable<T> =>
        value.CompareTo(default) > 0 ? value : throw new ArgumentOutOfRangeException(limit, value, "A limit is more than nothing.");

    private static long NotNegative(long value, [CallerMemberName] string limit = "") =>
        value >= 0 ? value : throw new ArgumentOutOfRangeException(limit, value, "A limit is a number of octets, or 0 for none.");
}
