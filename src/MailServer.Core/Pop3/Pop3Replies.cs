using MailServer.Core.Mail;
using MailServer.Core.Pop3.Bodies;
using MailServer.Core.Sessions;
using MailServer.Core.Wire;

namespace MailServer.Core.Pop3;

/// <summary>
/// Every answer of the POP3 server. Texts say cause and remedy. Refused logins hold none of the words lock, wait or
/// busy, by which fetchmail tells a mailbox in use from a wrong password.
/// </summary>
public static class Pop3Replies
{
    public static Pop3Reply Greeting(string hostname) => Ok($"{hostname} POP3 server ready");

    public static Pop3Reply Capabilities(IMultilineBody body) => Ok("Capabilities follow", body);

    public static Pop3Reply Help(IMultilineBody body) => Ok("Commands follow; HELP and a verb shows one", body);

    public static Pop3Reply Mechanisms(IMultilineBody body) => Ok("Mechanisms follow", body) with { IsIntermediate = true };

    public static Pop3Reply Challenge(string base64) => new("+", base64) { IsIntermediate = true };

    public static Pop3Reply Utf8On { get; } = Ok("UTF-8 mode; it is always on here");

    public static Pop3Reply ReadyForTls { get; } = Ok("Begin the TLS handshake");

    public static Pop3Reply SendPassword { get; } = Ok("Send PASS and the password") with { IsIntermediate = true };

    public static Pop3Reply PasswordCreates(string account) =>
        Ok($"There is no account {account} yet; PASS and a password creates it") with { IsIntermediate = true };

    public static Pop3Reply LoggedIn(int count, long octets) => Ok($"Logged in, {Messages(count)} ({octets} octets)");

    public static Pop3Reply AccountCreated(string account) => Ok($"The account {account} is made with this password; logged in, 0 messages");

    public static Pop3Reply LoggedInAlready { get; } = Ok("Logged in already; this account has no password, and what you gave was not kept");

    public static Pop3Reply Status(int count, long octets) => Ok($"{count} {octets}");

    public static Pop3Reply Listing(int count, long octets, IMultilineBody body) => Ok($"{Messages(count)} ({octets} octets)", body);

    public static Pop3Reply UniqueIds(IMultilineBody body) => Ok("Unique-ids follow", body);

    public static Pop3Reply Row(string row) => Ok(row);

    /// <summary>A row that names a message's sender and subject.</summary>
    public static Pop3Reply DetailedRow(string row) => Ok(row) with { HoldsText = true };

    public static Pop3Reply Message(long octets, IMultilineBody body) => Ok($"{octets} octets", body);

    public static Pop3Reply Several(int count, long octets, IMultilineBody body) => Ok($"{Messages(count)} ({octets} octets) follow", body);

    public static Pop3Reply TopOf(int number, IMultilineBody body) => Ok($"Top of message {number} follows", body);

    public static Pop3Reply Deleted(int number) => Ok($"Message {number} is deleted at QUIT");

    public static Pop3Reply Reset(int count, long octets) => Ok($"{Messages(count)} ({octets} octets)");

    public static Pop3Reply Done { get; } = Ok("Nothing done");

    public static Pop3Reply Goodbye(string hostname) => Ok($"{hostname} POP3 server signing off");

    public static Pop3Reply GoodbyeDeleted(string hostname, int count) => Ok($"{hostname} POP3 server signing off, {Messages(count)} deleted");

    public static Pop3Reply UnknownCommand { get; } = Bad("Unknown command; HELP lists those that are known");

    public static Pop3Reply NotAPassword { get; } =
        Bad("Unknown command; if that was meant as the password, say PASS and the password");

    public static Pop3Reply NoSuchTopic { get; } = Bad("That is no command of this server; HELP alone lists them");

    public static Pop3Reply CommandOfSmtp(string verb) => Bad($"{verb} is a command of SMTP, and this is POP3; HELP lists its commands");

    public static Pop3Reply BadArgument(string usage) => Bad($"Syntax: {usage}");

    public static Pop3Reply BadCharacters { get; } = Bad("A command is UTF-8 text without control characters");

    public static Pop3Reply LineTooLong(int limit) => Bad($"A command line has at most {limit} octets");

    public static Pop3Reply LineEndless { get; } = Err("Line too long; closing") with { Ends = true };

    public static Pop3Reply BareLineFeedRefused { get; } = Err("Lines end with CRLF, and this one ended with LF alone; closing") with { Ends = true };

    public static Pop3Reply NotHttp { get; } = Err("This is a mail server, not a web server; closing") with { Ends = true };

    public static Pop3Reply NotTls { get; } = Err("This port begins in clear text, not with TLS; closing") with { Ends = true };

    /// <summary>Said to a client over the limits, before there is a session.</summary>
    public static Pop3Reply TooManyConnections { get; } = Err("[SYS/TEMP] Too many connections; try again later") with { Ends = true };

    public static Pop3Reply TooManyBadCommands { get; } = Err("Too many bad commands in a row; closing") with { Ends = true };

    public static Pop3Reply LogInFirst { get; } = Bad("Log in with USER and PASS first");

    public static Pop3Reply AfterLogin { get; } = Bad("You are logged in already; QUIT ends the session");

    public static Pop3Reply NameWithBlank { get; } = Bad("A name has no blank in it; USER takes the name alone, and the password comes with PASS");

    public static Pop3Reply UserFirst { get; } = Bad("Say USER and your name first");

    public static Pop3Reply EncryptionNeeded { get; } = Err("[AUTH] Passwords are taken only over TLS or from this machine; say STLS first where CAPA lists it");

    public static Pop3Reply OtherIdentityRefused { get; } = Err("[AUTH] Acting for another account is not supported; leave the authorization identity empty");

    public static Pop3Reply UnknownMechanism { get; } = Bad("The mechanism is not known here; AUTH alone lists those that are");

    public static Pop3Reply BadBase64 { get; } = Bad("A response is base64 of UTF-8 text");

    public static Pop3Reply BadResponse { get; } = Bad("The response is not what this mechanism asks for");

    public static Pop3Reply ExchangeCancelled { get; } = Bad("The login is cancelled");

    public static Pop3Reply EncryptedAlready { get; } = Bad("TLS is on already");

    public static Pop3Reply TlsNotAvailable { get; } = Err("TLS is not available here");

    public static Pop3Reply LoginRefused { get; } = Err("[AUTH] The name or the password is wrong");

    public static Pop3Reply TooManyFailedLogins { get; } = Err("[AUTH] Too many failed logins; closing") with { Ends = true };

    public static Pop3Reply LoginsBlocked { get; } = Err("[SYS/TEMP] Too many failed logins from your address; try again in ten minutes");

    public static Pop3Reply BadPassword(string problem) => Err($"[AUTH] {problem}");

    public static Pop3Reply InUse { get; } = Err("[IN-USE] Another session has this mailbox open; try again when it has ended");

    public static Pop3Reply NotANumber { get; } = Bad("That is no message's number; LIST shows them");

    public static Pop3Reply NoSuchMessage(int highest) => Err($"No such message; the highest number is {highest}");

    public static Pop3Reply NoMessages { get; } = Err("No such message; the mailbox is empty");

    public static Pop3Reply AlreadyDeleted(int number) => Err($"Message {number} is deleted; RSET takes that back");

    public static Pop3Reply NoLogin(string name) => Err($"[AUTH] {name} takes mail, but nobody can log in to it");

    public static Pop3Reply MessageDamaged { get; } = Err("[SYS/PERM] This message cannot be read: it is damaged");

    public static Pop3Reply MessageRemoved { get; } = Err("[SYS/PERM] This message was removed meanwhile, by an administrator or with its account");

    public static Pop3Reply StoreUnavailable { get; } = Err("[SYS/TEMP] The mail store does not answer; try again later");

    public static Pop3Reply MaildropLost { get; } = Err("[SYS/TEMP] This session does not have the mailbox any more; log in again");

    public static Pop3Reply NothingDeleted { get; } = Err("[SYS/TEMP] The mail store does not answer; nothing was deleted") with { Ends = true };

    public static Pop3Reply InternalError { get; } = Err("[SYS/TEMP] Internal error; closing, try again later") with { Ends = true };

    /// <summary>The answer to what is no line, and ends the session.</summary>
    public static Pop3Reply For(FrameKind kind) => kind switch
    {
        FrameKind.TlsHello => NotTls,
        FrameKind.Unended => LineEndless,
        _ => BareLineFeedRefused,
    };

    /// <summary>The reply to a number that names no message.</summary>
    public static Pop3Reply For(MessageLookup lookup) => lookup.Kind switch
    {
        MessageLookupKind.NotANumber => NotANumber,
        MessageLookupKind.Deleted => AlreadyDeleted(lookup.Number),
        _ => lookup.Number == 0 ? NoMessages : NoSuchMessage(lookup.Number),
    };

    /// <summary>The reply to a login that was not accepted.</summary>
    public static Pop3Reply For(LoginOutcome login) => login.Result switch
    {
        LoginResult.Challenge => Challenge(login.Challenge),
        LoginResult.RefusedForGood => TooManyFailedLogins,
        LoginResult.Blocked => LoginsBlocked,
        LoginResult.Cancelled => ExchangeCancelled,
        LoginResult.BadBase64 => BadBase64,
        LoginResult.BadResponse => BadResponse,
        LoginResult.OtherIdentity => OtherIdentityRefused,
        _ => LoginRefused,
    };

    /// <summary>The only map from the store's faults to answers.</summary>
    public static Pop3Reply For(StoreFault fault) => fault.Kind switch
    {
        StoreFaultKind.Damaged => MessageDamaged,
        StoreFaultKind.Removed => MessageRemoved,
        StoreFaultKind.MaildropLost => MaildropLost,
        _ => StoreUnavailable,
    };

    private static string Messages(int count) => count == 1 ? "1 message" : $"{count} messages";

    private static Pop3Reply Ok(string text, IMultilineBody? body = null) => new("+OK", text, body);

    private static Pop3Reply Err(string text) => new("-ERR", text);

    private static Pop3Reply Bad(string text) => new("-ERR", text) { IsBadCommand = true };
}
