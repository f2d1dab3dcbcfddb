using MailServer.Core.Mail;
using MailServer.Core.Sessions;
using MailServer.Core.Wire;

namespace MailServer.Core.Smtp;

/// <summary>Every answer of the SMTP server, in the order of codes. Texts say cause and remedy.</summary>
public static class SmtpReplies
{
    /// <summary>What stands below the list of commands.</summary>
    internal static IReadOnlyList<string> HelpHints { get; } =
    [
        "HELP and a verb, as in HELP MAIL, tells more",
        "A bare name is an address here, as in RCPT TO: bob; @ME is your own",
    ];

    public static SmtpReply Help(IReadOnlyList<string> lines) => new(214, "2.0.0", lines);

    public static SmtpReply Greeting(string hostname) => new(220, null, $"{hostname} ESMTP Service Ready");

    public static SmtpReply ReadyForTls { get; } = new(220, "2.0.0", "Ready to start TLS");

    public static SmtpReply Closing(string hostname) => new(221, "2.0.0", $"{hostname} Service closing transmission channel");

    public static SmtpReply LoggedIn(string account) => new(235, "2.7.0", $"Logged in as {account}");

    public static SmtpReply AccountProtected(string account) => new(235, "2.7.0", $"The password is set; logged in as {account}");

    public static SmtpReply AccountCreated(string account) => new(235, "2.7.0", $"The account {account} is made with this password; logged in");

    public static SmtpReply Done { get; } = new(250, "2.0.0", "OK");

    public static SmtpReply Hello(string hostname, string text) => new(250, null, $"{hostname} {text}");

    /// <summary>The answer to EHLO: our name and a text, then what we offer, a line each (RFC 5321 4.1.1.1).</summary>
    public static SmtpReply ExtendedHello(string hostname, string text, IEnumerable<string> extensions) =>
        new(250, null, [$"{hostname} {text}", .. extensions]);

    public static SmtpReply SenderAccepted { get; } = new(250, "2.1.0", "Sender OK");

    public static SmtpReply RecipientAccepted { get; } = new(250, "2.1.5", "Recipient OK");

    public static SmtpReply MessageStored(string id) => new(250, "2.0.0", $"Message stored as {id}");

    /// <summary>The reply to a chunk that is not the last (RFC 3030 4.2).</summary>
    public static SmtpReply ChunkReceived(long octets) => new(250, "2.0.0", $"{octets} octets received");

    public static SmtpReply CannotVerify { get; } = new(252, "2.0.0", "Cannot verify the address; RCPT tells whether it is taken");

    public static SmtpReply Challenge(string base64) => new(334, null, base64);

    public static SmtpReply StartMailInput { get; } = new(354, null, "Start mail input; end with <CRLF>.<CRLF>");

    public static SmtpReply IdleTooLong(string hostname) => Last(421, "4.4.2", $"{hostname} No input for too long; closing, please connect again");

    public static SmtpReply ShuttingDown(string hostname) => Last(421, "4.3.2", $"{hostname} The server is stopping; please try again later");

    public static SmtpReply InternalError(string hostname) => Last(421, "4.3.0", $"{hostname} Internal error; closing, please try again later");

    /// <summary>Said to a client over the limits, before there is a session.</summary>
    public static SmtpReply TooManyConnections(string hostname) => Last(421, "4.7.0", $"{hostname} Too many connections; try again later");

    public static SmtpReply TooManyBadCommands(string hostname) => Last(421, "4.7.0", $"{hostname} Too many bad commands in a row; closing");

    public static SmtpReply TooManyFailedLogins(string hostname) => Last(421, "4.7.0", $"{hostname} Too many failed logins; closing");

    public static SmtpReply StoreUnavailable { get; } = new(451, "4.3.0", "The mail store does not answer; please try again later");

    public static SmtpReply MailboxRemoved { get; } = new(451, "4.2.1", "A mailbox that this message is for was removed meanwhile; send it again, and RCPT says which");

    public static SmtpReply MailboxFull { get; } = new(452, "4.2.2", "A recipient's mailbox is full; please try again later");

    public static SmtpReply DiskFull { get; } = new(452, "4.3.1", "Insufficient system storage; please try again later");

    public static SmtpReply TooManyRecipients(int limit) => new(452, "4.5.3", $"Not more than {limit} recipients a message; send it to the others in another");

    public static SmtpReply TlsNotAvailable { get; } = new(454, "4.7.0", "TLS is not available here");

    public static SmtpReply LoginsBlocked { get; } = new(454, "4.7.0", "Too many failed logins from your address; try again in ten minutes");

    public static SmtpReply UnknownCommand { get; } = new(500, "5.5.2", "Unknown command; HELP lists those that are known");

    public static SmtpReply NotAPassword { get; } = new(500, "5.5.2", "Unknown command; if that was meant as a password, say PASS and the password");

    public static SmtpReply CommandOfPop3(string verb) => new(500, "5.5.2", $"{verb} is a command of POP3, and this is SMTP; HELP lists its commands");

    public static SmtpReply LineTooLong(int limit) => new(500, "5.5.2", $"A command line has at most {limit} octets");

    public static SmtpReply ResponseTooLong(int limit) => new(500, "5.5.6", $"A response has at most {limit} octets");

    public static SmtpReply LineEndless { get; } = Last(500, "5.5.2", "Line too long; closing");

    public static SmtpReply BareLineFeedRefused { get; } = Last(500, "5.5.2", "Lines end with CRLF, and this one ended with LF alone; closing");

    public static SmtpReply BadCharacters { get; } = new(500, "5.5.2", "A command is UTF-8 text without control characters");

    public static SmtpReply BadBase64 { get; } = new(501, "5.5.2", "A response is base64 of UTF-8 text");

    public static SmtpReply BadResponse { get; } = new(501, "5.5.2", "The response is not what this mechanism asks for");

    public static SmtpReply ExchangeCancelled { get; } = new(501, "5.7.0", "The login is cancelled");

    public static SmtpReply BadChunk { get; } = Last(501, "5.5.4", "The form is BDAT octets [LAST]; what follows cannot be told from commands, closing");

    public static SmtpReply BadArgument(string usage) => new(501, "5.5.4", $"Syntax: {usage}");

    public static SmtpReply TopicOfPop3(string verb) => new(501, "5.5.4", $"{verb} is a command of POP3, and this is SMTP; HELP lists its commands");

    public static SmtpReply NoSuchTopic { get; } = new(501, "5.5.4", "That is no command of this server; HELP alone lists them");

    public static SmtpReply BadParameter(string problem) => new(501, "5.5.4", problem);

    public static SmtpReply BadSenderPath(string problem) => new(501, "5.1.7", problem);

    public static SmtpReply BadRecipientPath(string problem) => new(501, "5.1.3", problem);

    public static SmtpReply BadPassword(string problem) => new(501, "5.7.0", problem);

    public static SmtpReply ListsNotShown { get; } = new(502, "5.5.1", "There are no mailing lists here, so EXPN shows none");

    /// <summary>The refusal of a command that may not come now; says which one may.</summary>
    public static SmtpReply NotImplemented(string verb) => new(502, "5.5.1", $"{verb} is not implemented here; HELP lists what is");

    public static SmtpReply OutOfOrder(SmtpState state, string verb) => new(503, "5.5.1", (state, verb) switch
    {
        (SmtpState.Connected, _) => "Say EHLO or HELO first",
        (SmtpState.Ready, _) => "Name the sender with MAIL first",
        (SmtpState.Chunks, _) => "Go on with BDAT, or forget the message with RSET",
        (_, "MAIL") => "A sender is named already; RSET starts anew",
        (_, "AUTH" or "STARTTLS" or "PASS") => "Not while a message is under way; RSET forgets it",
        _ => "Name a recipient with RCPT first",
    });

    public static SmtpReply LoggedInAlready(string account) => new(503, "5.5.1", $"You are logged in already, as {account}");

    public static SmtpReply EncryptedAlready { get; } = new(503, "5.5.1", "TLS is on already");

    public static SmtpReply NoPasswordAskedFor { get; } = new(503, "5.5.1", "Say EHLO and your account's name, and PASS and the password on the line after it");

    public static SmtpReply PasswordsByAuthOnly { get; } = new(503, "5.5.1", "Your address may not log in by EHLO and PASS here; log in with AUTH");

    public static SmtpReply UnknownMechanism { get; } = new(504, "5.5.4", "The mechanisms are PLAIN and LOGIN");

    public static SmtpReply NotLoggedIn { get; } = new(530, "5.7.0", "@ME is the address of whoever is logged in; log in with AUTH or with EHLO, your account's name and the password, or say HELO and the name of an account that has none");

    public static SmtpReply NotLoggedInByAuth { get; } = new(530, "5.7.0", "@ME is the address of whoever is logged in; log in with AUTH");

    public static SmtpReply LoginNeeded(string account) => new(530, "5.7.0", $"This address belongs to the account {account}; log in as it first");

    public static SmtpReply LoginRefused { get; } = new(535, "5.7.8", "The name or the password is wrong");

    public static SmtpReply OtherIdentityRefused { get; } = new(535, "5.7.8", "Acting for another account is not supported; leave the authorization identity empty");

    public static SmtpReply EncryptionNeeded { get; } = new(538, "5.7.11", "Passwords are taken only over TLS or from this machine; say STARTTLS first");

    public static SmtpReply EncryptionNotOffered { get; } = new(538, "5.7.11", "Passwords are taken only over TLS or from this machine, and this port offers no TLS");

    public static SmtpReply NoSuchUser { get; } = new(550, "5.1.1", "No such user");

    public static SmtpReply NobodyIsMe { get; } = new(550, "5.1.1", "No such user; @ME is the address of whoever is logged in, and nobody is");

    public static SmtpReply NotRelaying { get; } = new(550, "5.7.1", "This server takes mail for its own domains only");

    public static SmtpReply BareCarriageReturnInText { get; } = new(550, "5.6.11", "The message holds a CR without LF; lines end with CRLF");

    public static SmtpReply BareLineFeedInText { get; } = new(550, "5.6.11", "The message holds a LF without CR; lines end with CRLF");

    public static SmtpReply LargerThanMailbox { get; } = new(552, "5.2.2", "The message is larger than a mailbox may be");

    public static SmtpReply TooLarge(long limit) => new(552, "5.3.4", $"A message has at most {limit} octets");

    public static SmtpReply NotYourAddress(string account) => new(553, "5.7.1", $"This address belongs to another account; you are logged in as {account}");

    public static SmtpReply InternationalAddress { get; } = new(553, "5.6.7", "An address that is not ASCII needs the parameter SMTPUTF8 on MAIL");

    public static SmtpReply MailLoop(int limit) => new(554, "5.4.6", $"Too many hops (more than {limit} Received fields): mail loop detected");

    public static SmtpReply NotHttp { get; } = Last(554, "5.5.0", "This is a mail server, not a web server; closing");

    public static SmtpReply NotTls { get; } = Last(554, "5.5.0", "This port begins in clear text, not with TLS; closing");

    public static SmtpReply UnknownParameter(string keyword) => new(555, "5.5.4", $"The parameter {Shown(keyword)} is not known here");

    /// <summary>The answer to what is no line, and ends the session.</summary>
    public static SmtpReply For(FrameKind kind) => kind switch
    {
        FrameKind.TlsHello => NotTls,
        FrameKind.Unended => LineEndless,
        _ => BareLineFeedRefused,
    };

    /// <summary>The reply to a login that was not accepted.</summary>
    public static SmtpReply For(LoginOutcome login, string hostname) => login.Result switch
    {
        LoginResult.Challenge => Challenge(login.Challenge),
        LoginResult.RefusedForGood => TooManyFailedLogins(hostname),
        LoginResult.Blocked => LoginsBlocked,
        LoginResult.Cancelled => ExchangeCancelled,
        LoginResult.BadBase64 => BadBase64,
        LoginResult.BadResponse => BadResponse,
        LoginResult.OtherIdentity => OtherIdentityRefused,
        _ => LoginRefused,
    };

    /// <summary>The only map from the store's faults to codes.</summary>
    public static SmtpReply For(StoreFault fault) => fault.Kind switch
    {
        StoreFaultKind.Full => DiskFull,
        StoreFaultKind.OverQuota => MailboxFull,
        StoreFaultKind.NoRecipient => MailboxRemoved,
        _ => StoreUnavailable,
    };

    private static SmtpReply Last(int code, string enhanced, string text) => new(code, enhanced, text) { Ends = true };

    // What a client sent is repeated to it only in part, so that a reply fits 512 octets (RFC 5321 4.5.3.1.5).
    private static string Shown(string text) => text.Length > 40 ? text[..40] : text;
}
