using MailServer.Core.Mail;
using MailServer.Core.Sessions;
using MailServer.Core.Wire;

namespace MailServer.Core.Pop3;

/// <inheritdoc/>
public abstract class Pop3Command(string verb, string usage, string purpose, Arguments arguments = Arguments.Any)
    : SessionCommand<Pop3Session, Pop3State, Pop3Reply>(verb, usage, purpose, arguments)
{
    public override Pop3Reply ReplyTo(StoreFault fault) => Pop3Replies.For(fault);

    /// <summary>The line as it is when the verb is followed by message numbers or nothing.</summary>
    protected string MaskUnlessNumbers(string line) =>
        CommandText.Split(line).Argument.All(c => char.IsAsciiDigit(c) || c is ' ' or 'U' or 'u') ? line : $"{Verb} {CommandText.Mask}";
}
