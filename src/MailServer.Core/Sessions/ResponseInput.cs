using System.Buffers;
using MailServer.Core.Mail;
using MailServer.Core.Sessions.Sasl;
using MailServer.Core.Wire;

namespace MailServer.Core.Sessions;

/// <summary>A SASL response comes next, whatever the line says (RFC 4954 4, RFC 5034 4).</summary>
internal sealed class ResponseInput<TState, TReply>(ProtocolSession<TState, TReply> session, ISaslExchange exchange) : LineInput<TState, TReply>(session)
    where TState : struct, Enum
    where TReply : class, IReply
{
    private const string Auth = "AUTH";

    /// <summary>Carries the exchange one step on.</summary>
    /// <param name="response">The line that came; null when nothing came with the command.</param>
    public async ValueTask<Outcome<TState, TReply>> StepAsync(string? response, CancellationToken cancellation)
    {
        var login = await Session.Login.RespondAsync(exchange, response, cancellation);
        var reply = await Session.FinishLoginAsync(login, cancellation);
        return new(reply, login.Result == LoginResult.Challenge ? this : null);
    }

    internal override ValueTask<Outcome<TState, TReply>?> FailAsync(StoreFault fault) =>
        ValueTask.FromResult<Outcome<TState, TReply>?>(End(Session.ReplyTo(fault)));

    protected override int LimitOf(ReadOnlySequence<byte> octets) => Session.Services.Limits.AuthLine;

    protected override Outcome<TState, TReply> RefuseTooLong(int limit) => End(Session.ResponseTooLong(limit)) with { Verb = "?" };

    protected override async ValueTask<Outcome<TState, TReply>?> RunLineAsync(ReadOnlySequence<byte> octets, CancellationToken cancellation)
    {
        if (Session.Lines.TryDecode(octets) is not { } line)
            return End(Session.BadCharacters) with { Verb = "?" };
        if (Session.Observer.WantsLines)
            Session.Observer.LineReceived(CommandText.Mask);
        var outcome = await StepAsync(line, cancellation);
        return outcome with { Verb = Auth, State = Row!.After(outcome.Reply) };
    }

    private Outcome<TState, TReply> End(TReply reply) => new(reply) { Verb = Auth, State = Row!.After(reply) };
}
