using System.Buffers;
using MailServer.Core.Mail;
using MailServer.Core.Wire;

namespace MailServer.Core.Sessions;

/// <summary>A command line comes next: it is decoded, looked up in the table, and run.</summary>
public abstract class CommandInput<TSession, TCommand, TState, TReply>(TSession session, CommandTable<TCommand, TState> table)
    : LineInput<TState, TReply>(session)
    where TSession : ProtocolSession<TState, TReply>
    where TCommand : SessionCommand<TSession, TState, TReply>
    where TState : struct, Enum
    where TReply : class, IReply
{
    private TCommand? _command;
    private string _argument = "";

    /// <inheritdoc cref="LineInput{TState, TReply}.Session"/>
    protected new TSession Session { get; } = session;

    protected CommandTable<TCommand, TState> Table { get; } = table;

    internal override ValueTask<Outcome<TState, TReply>?> FailAsync(StoreFault fault)
    {
        if (_command is not { } command)
            return ValueTask.FromResult<Outcome<TState, TReply>?>(Session.ReplyTo(fault));
        var outcome = command.Refuse(Session, _argument, command.ReplyTo(fault));
        return ValueTask.FromResult<Outcome<TState, TReply>?>(outcome with { Verb = command.Verb });
    }

    protected override int LimitOf(ReadOnlySequence<byte> octets) =>
        CommandText.StartsWithVerb(octets, "AUTH"u8) ? Session.Services.Limits.AuthLine : Session.Services.Limits.CommandLine;

    protected override async ValueTask<Outcome<TState, TReply>?> RunLineAsync(ReadOnlySequence<byte> octets, CancellationToken cancellation)
    {
        _command = null;
        if (Decode(octets) is not { } line)
            return RefuseUnreadable(octets);
        (var verb, _argument) = CommandText.Split(line);
        _command = Table.Find(verb);
        if (Session.Observer.WantsLines)
            Session.Observer.LineReceived(Masked(_command, line));
        if (_command is not { } command)
            return await RunUnknownAsync(octets, line, cancellation);

        Outcome<TState, TReply> outcome;
        if (Table.Find(command.Verb, Session.State) is not { } row)
        {
            outcome = command.Refuse(Session, _argument, OutOfOrder(command));
        }
        else if (!command.Accepts(_argument))
        {
            outcome = command.Refuse(Session, _argument, BadArgument(command));
        }
        else
        {
            outcome = await command.ExecuteAsync(Session, _argument, cancellation);
            outcome.Next?.Row = row;
            outcome = outcome with { State = row.After(outcome.Reply) };
        }

        return outcome with { Verb = command.Verb };
    }

    /// <summary>A line as a log may show it.</summary>
    /// <param name="command">What it begins with; null when that is no verb of the table, and may be a password or a misspelt PASS.</param>
    protected virtual string Masked(TCommand? command, string line) => command?.Mask(line) ?? CommandText.Mask;

    /// <summary>The line as text, or null when it is none.</summary>
    protected virtual string? Decode(ReadOnlySequence<byte> line) => Session.Lines.TryDecode(line);

    /// <summary>What a line leads to that is not text.</summary>
    protected abstract Outcome<TState, TReply> RefuseUnreadable(ReadOnlySequence<byte> line);

    /// <summary>What a line leads to that begins with no verb of the table.</summary>
    protected abstract ValueTask<Outcome<TState, TReply>> RunUnknownAsync(ReadOnlySequence<byte> octets, string line, CancellationToken cancellation);

    /// <summary>The reply to a command that may not come in the session's state.</summary>
    protected abstract TReply OutOfOrder(TCommand command);

    /// <summary>The reply to an argument that is not of the command's form.</summary>
    protected abstract TReply BadArgument(TCommand command);
}
