using MailServer.Core.Mail;

namespace MailServer.Core.Smtp;

/// <summary>Every answer of the SMTP server, in the order of codes. Texts say cause and remedy.</summary>
public static class SmtpReplies
{
    public static SmtpReply Help(IReadOnlyList<string> lines) => new(214, "2.0.0", lines);

    public static SmtpReply Greeting(string hostname) => new(220, null, $"{hostname} ESMTP Service Ready");

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

    public static SmtpReply CannotVerify { get; } = new(252, "2.0.0", "Cannot verify the address; RCPT tells whether it is taken");

    public static SmtpReply StartMailInput { get; } = new(354, null, "Start mail input; end with <CRLF>.<CRLF>");

    public static SmtpReply IdleTooLong(string hostname) => new(421, "4.4.2", $"{hostname} No input for too long; closing, please connect again");

    public static SmtpReply ShuttingDown(string hostname) => new(421, "4.3.2", $"{hostname} The server is stopping; please try again later");

    public static SmtpReply InternalError(string hostname) => new(421, "4.3.0", $"{hostname} An error of ours; closing, please try again later");

    public static SmtpReply TooManyBadCommands(string hostname) => new(421, "4.7.0", $"{hostname} Too many bad commands in a row; closing");

    public static SmtpReply TooManyFailedLogins(string hostname) => new(421, "4.7.0", $"{hostname} Too many failed logins; closing");

    public static SmtpReply StoreUnavailable { get; } = new(451, "4.3.0", "The mail store does not answer; please try again later");

    public static SmtpReply MailboxFull { get; } = new(452, "4.2.2", "A recipient's mailbox is full; please try again later");

    public static SmtpReply DiskFull { get; } = new(452, "4.3.1", "No room on the server's disk; please try again later");

    public static SmtpReply TooManyRecipients(int limit) => new(452, "4.5.3", $"Not more than {limit} recipients a message; send it to the others in another");

    public static SmtpReply UnknownCommand { get; } = new(500, "5.5.2", "Not a command that this server knows; HELP lists them");

    public static SmtpReply LineTooLong(int limit) => new(500, "5.5.2", $"A command line has at most {limit} octets");

    public static SmtpReply LineEndless { get; } = new(500, "5.5.2", "A line without an end; closing");

    public static SmtpReply BareLineFeedRefused { get; } = new(500, "5.5.2", "Lines end with CRLF, and this one ended with LF alone; closing");

    public static SmtpReply BadCharacters { get; } = new(500, "5.5.2", "A command is UTF-8 text without control characters");

    public static SmtpReply BadArgument(string usage) => new(501, "5.5.4", $"The argument is not right; the form is {usage}");

    public static SmtpReply BadParameter(string problem) => new(501, "5.5.4", problem);

    public static SmtpReply BadSenderPath(string problem) => new(501, "5.1.7", problem);

    public static SmtpReply BadRecipientPath(string problem) => new(501, "5.1.3", problem);

    public static SmtpReply BadPassword(string problem) => new(501, "5.7.0", problem);

    public static SmtpReply ListsNotShown { get; } = new(502, "5.5.1", "There are no mailing lists here, so EXPN shows none");

    /// <summary>The refusal of a command that may not come now; says which one may.</summary>
    public static SmtpReply OutOfOrder(SmtpState state, string verb) => new(503, "5.5.1", (state, verb) switch
    {
        (SmtpState.Connected, _) => "Say EHLO or HELO first",
        (SmtpState.Ready, _) => "Name the sender with MAIL first",
        (_, "MAIL") => "A sender is named already; RSET starts anew",
        _ => "Name a recipient with RCPT first",
    });

    public static SmtpReply NoPasswordAskedFor { get; } = new(503, "5.5.1", "Say EHLO and your account's name first, then PASS and the password");

    public static SmtpReply NotLoggedIn { get; } = new(530, "5.7.0", "@ME is the address of whoever is logged in; say HELO or EHLO and your account's name first");

    public static SmtpReply LoginNeeded(string account) => new(530, "5.7.0", $"This address belongs to the account {account}; log in as it first");

    public static SmtpReply LoginRefused { get; } = new(535, "5.7.8", "The name or the password is wrong");

    public static SmtpReply NoSuchUser { get; } = new(550, "5.1.1", "No such user");

    public static SmtpReply NotRelaying { get; } = new(550, "5.7.1", "This server takes mail for its own domains only");

    public static SmtpReply BareCarriageReturnInText { get; } = new(550, "5.6.11", "The message holds a CR without LF; lines end with CRLF");

    public static SmtpReply BareLineFeedInText { get; } = new(550, "5.6.11", "The message holds a LF without CR; lines end with CRLF");

    public static SmtpReply TooLarge(long limit) => new(552, "5.3.4", $"A message has at most {limit} octets");

    public static SmtpReply NotYourAddress(string account) => new(553, "5.7.1", $"This address belongs to another account; you are logged in as {account}");

    public static SmtpReply MailLoop(int limit) => new(554, "5.4.6", $"The message has more than {limit} Received fields, so it seems to run in a circle");

    public static SmtpReply NotHttp { get; } = new(554, "5.5.0", "This is a mail server, not a web server; closing");

    public static SmtpReply NotTls { get; } = new(554, "5.5.0", "This port begins in clear text, not with TLS; closing");

    public static SmtpReply UnknownParameter(string keyword) => new(555, "5.5.4", $"The parameter {Shown(keyword)} is not known here");

    /// <summary>The only map from the store's faults to codes.</summary>
    public static SmtpReply For(StoreFault fault) => fault.Kind switch
    {
        StoreFaultKind.Full => DiskFull,
        StoreFaultKind.OverQuota => MailboxFull,
        _ => StoreUnavailable,
    };

    // What a client sent is repeated to it only in part, so that a reply fits 512 octets (RFC 5321 4.5.3.1.5).
    private static string Shown(string text) => text.Length > 40 ? text[..40] : text;
}
