using MailServer.Core.Accounts;
using MailServer.Core.Sessions;
using MailServer.Core.Wire;

namespace MailServer.Transcripts;

/// <summary>Which server a transcript talks to: the folder that it lies in.</summary>
public enum TranscriptProtocol
{
    Smtp,
    Pop3,
}

/// <summary>One file: what must be there before, and what is then said and expected, in order.</summary>
public sealed record Transcript(string File, string Title, TranscriptProtocol Protocol, Givens Givens, IReadOnlyList<Step> Steps)
{
    /// <summary>
    /// True when it needs what a real socket cannot give: another address, TLS by decree, the clock, a failing store, a
    /// server that has noticed a broken connection at a known moment.
    /// </summary>
    public bool IsDirectOnly =>
        Givens.Peer != Givens.Loopback || Steps.Any(step => step is LetTimePass or SetFault or HangUp or StopServer);

    /// <summary>True when it means something only on a connection that begins in clear.</summary>
    public bool IsPlain => Givens.IsPlain || Steps.Any(step => step is StartTls);
}

/// <summary>The server that a transcript expects to meet.</summary>
public sealed class Givens
{
    public static readonly Peer Loopback = new(System.Net.IPAddress.Loopback);

    public const string Hostname = "mail.test";

    public const string MachineName = "labpc";

    public Peer Peer { get; set; } = Loopback;

    /// <summary>True when the conversation means something in clear text only.</summary>
    public bool IsPlain { get; set; }

    /// <summary>Whom TLS is offered to. Unlike the server's default, everybody, so that what TLS does can be shown from this machine.</summary>
    public StartTlsPolicy StartTls { get; set; } = StartTlsPolicy.Always;

    public IReadOnlyList<string> Domains { get; set; } = ["mail.test", "localhost"];

    public RegistrationPolicy Registration { get; set; } = RegistrationPolicy.Local;

    public Pop3Listing Listing { get; set; } = Pop3Listing.Standard;

    public BareLineFeed BareLineFeed { get; set; } = BareLineFeed.Normalize;

    public bool AuthWithoutTls { get; set; }

    public AccountName? CatchAll { get; set; }

    public MailLimits Limits { get; set; } = new();

    public List<GivenAccount> Accounts { get; } = [];

    public List<Alias> Aliases { get; } = [];

    public List<GivenMessage> Messages { get; } = [];
}

/// <summary>An account that is there from the start; without a password when that is null.</summary>
public sealed record GivenAccount(AccountName Name, string? Password);

/// <summary>A message that lies in a mailbox from the start, without any trace header but those in its octets.</summary>
public sealed record GivenMessage(AccountName Account, byte[] Octets);

/// <summary>One thing that happens or must hold; <see cref="Line"/> is where the file says so.</summary>
public abstract record Step(int Line, string Text);

/// <summary>The client sends. Neighbours with the same client go out in one piece.</summary>
public sealed record Send(int Line, string Text, int Client, byte[] Octets) : Step(Line, Text);

/// <summary>The server's next line must match.</summary>
public sealed record Expect(int Line, string Text, int Client, LinePattern Pattern) : Step(Line, Text);

/// <summary>The rest of a multi-line reply is passed over.</summary>
public sealed record ExpectRest(int Line, string Text, int Client) : Step(Line, Text);

/// <summary>The rest of a multi-line reply holds one line (or none) that matches. Neighbours look at the same rest.</summary>
public sealed record ExpectAmong(int Line, string Text, int Client, LinePattern Pattern, bool IsThere) : Step(Line, Text);

/// <summary>The server has closed the connection.</summary>
public sealed record ExpectClosed(int Line, string Text, int Client) : Step(Line, Text);

/// <summary>The mailbox holds exactly these messages, oldest first; null when only their count matters.</summary>
public sealed record ExpectStored(int Line, string Text, AccountName Account, int Count, IReadOnlyList<IReadOnlyList<LinePattern>>? Messages) : Step(Line, Text);

/// <summary>The account is there, or is not.</summary>
public sealed record ExpectAccount(int Line, string Text, AccountName Account, bool IsThere) : Step(Line, Text);

/// <summary>The client breaks the connection without a word.</summary>
public sealed record HangUp(int Line, string Text, int Client) : Step(Line, Text);

/// <summary>The TLS handshake that the server has just agreed to.</summary>
public sealed record StartTls(int Line, string Text, int Client) : Step(Line, Text);

/// <summary>The server is told to stop.</summary>
public sealed record StopServer(int Line, string Text) : Step(Line, Text);

/// <summary>Nobody says anything for a while.</summary>
public sealed record LetTimePass(int Line, string Text, TimeSpan Time) : Step(Line, Text);

/// <summary>A message arrives from elsewhere.</summary>
public sealed record Deliver(int Line, string Text, GivenMessage Message) : Step(Line, Text);

/// <summary>From here on an operation of the store fails; not at all when there is no fault.</summary>
public sealed record SetFault(int Line, string Text, string Operation, Exception? Fault) : Step(Line, Text);

/// <summary>What no store should throw: a fault in our own code, as far as a session can tell.</summary>
public sealed class BrokenStore(string message) : Exception(message);

/// <summary>What a line must look like: octets as Latin-1, and whether anything may follow them.</summary>
public sealed record LinePattern(string Start, bool IsPrefix, bool IsGap = false)
{
    public bool Matches(string line) => IsPrefix ? line.StartsWith(Start, StringComparison.Ordinal) : line == Start;
}
