using System.Buffers;
using System.IO.Pipelines;
using MailServer.Core.Mail;
using MailServer.Core.Wire;

namespace MailServer.Core.Sessions;

/// <summary>
/// One conversation, in whichever protocol: feeds the current input, enters the state that follows, counts refusals, and writes the reply.
/// The order of commands is data (<see cref="CommandTable{TCommand, TState}"/>), what a command does is a class, and what the octets are
/// is one <see cref="SessionInput{TState, TReply}"/>.
/// </summary>
public abstract class ProtocolSession<TState, TReply> : IProtocolSession
    where TState : struct, Enum
    where TReply : class, IReply
{
    private bool _wantsTls;
    private int _badCommands;
    private long _progress;

    protected ProtocolSession(SessionServices services, Peer peer, ISessionObserver observer, TState first)
    {
        Services = services;
        Peer = peer;
        Observer = observer;
        Lines = new(peer, services.Limits.UnendedLine);
        Login = new(services, peer, observer);
        State = first;
    }

    public SessionServices Services { get; }

    public Peer Peer { get; }

    public TState State { get; private set; }

    public bool IsEncrypted => Lines.IsEncrypted;

    /// <summary>True when passwords may cross this connection: it is encrypted, or ends on this machine, or a setting says so.</summary>
    public bool MayLogIn => IsEncrypted || Peer.IsLoopback || Services.AuthWithoutTls;

    public SessionWants Wants => _wantsTls ? SessionWants.TlsHandshake : HasEnded ? SessionWants.Close : SessionWants.Input;

    public abstract TimeSpan Patience { get; }

    public long Progress => _progress + Input.Progress;

    public bool IsReceivingMessage => Input.IsMessage;

    internal ISessionObserver Observer { get; }

    internal LineReader Lines { get; }

    internal LoginFlow Login { get; }

    /// <summary>What the octets that come next are.</summary>
    internal SessionInput<TState, TReply> Input { get => field ?? Commands; private set; }

    /// <summary>The reply to a line that is not UTF-8 text.</summary>
    internal abstract TReply BadCharacters { get; }

    /// <summary>The input that follows every other: a command line.</summary>
    protected abstract SessionInput<TState, TReply> Commands { get; }

    /// <summary>The state in which nothing is read any more.</summary>
    protected abstract TState Closed { get; }

    protected abstract TReply TooManyBadCommands { get; }

    private bool HasEnded => EqualityComparer<TState>.Default.Equals(State, Closed);

    public abstract void Start(PipeWriter output);

    public async ValueTask<SequencePosition> ReceiveAsync(ReadOnlySequence<byte> input, PipeWriter output, CancellationToken cancellation)
    {
        if (!Input.Take(input, output, out var consumed))
            return consumed;
        do
        {
            Outcome<TState, TReply>? result;
            try
            {
                result = await Input.RunAsync(cancellation);
            }
            catch (StoreFault fault)
            {
                // The one place where a fault of the store is caught, to become a reply.
                Observer.StoreFailed(fault);
                result = await Input.FailAsync(fault);
            }

            if (result is { } outcome && Apply(outcome, output) is { } reply)
                await WriteBodyAsync(reply, output, cancellation);
        }
        while (Input.IsComplete && Input.Take(ReadOnlySequence<byte>.Empty, output, out _));
        return consumed;
    }

    /// <summary>Nothing that was said in clear counts any more (RFC 3207 4.2, RFC 2595 4).</summary>
    public void OnTlsStarted()
    {
        _wantsTls = false;
        Input = Commands;
        Forget();
        Lines.OnTlsStarted();
    }

    public abstract void OnTimeout(PipeWriter output);

    public abstract void OnShutdown(PipeWriter output);

    public abstract void OnFault(PipeWriter output);

    public abstract ValueTask DisposeAsync();

    internal void RequestTls() => _wantsTls = true;

    /// <summary>The reply to input that cannot be a line (a TLS hello, an endless line, a bare LF); it ends the session.</summary>
    internal abstract TReply ReplyTo(FrameKind kind);

    /// <summary>The reply to a fault of the store.</summary>
    internal abstract TReply ReplyTo(StoreFault fault);

    internal abstract TReply ResponseTooLong(int limit);

    /// <summary>The reply to a step of a login. Takes the account on when the login was accepted.</summary>
    internal abstract ValueTask<TReply> FinishLoginAsync(LoginOutcome login, CancellationToken cancellation);

    /// <summary>Forgets what the client said of itself.</summary>
    protected abstract void Forget();

    /// <summary>Writes the reply, but for the lines of a body.</summary>
    protected abstract void Write(TReply reply, PipeWriter output);

    /// <summary>Writes the lines behind the first of a reply that has a body. May flush.</summary>
    protected virtual ValueTask WriteBodyAsync(TReply reply, PipeWriter output, CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <summary>Ends the session without a word.</summary>
    protected void End() => Enter(Closed);

    /// <summary>Writes a reply, unless too many bad commands came in a row. Returns the reply that was written.</summary>
    protected TReply Answer(string verb, TReply reply, PipeWriter output)
    {
        // A challenge (334) does not reset the count, or AUTH and garbage in turn could go on for ever.
        if (reply is { IsPositive: true, IsIntermediate: false })
            _badCommands = 0;
        else if (reply.IsBadCommand && ++_badCommands > Services.Limits.BadCommands)
            reply = TooManyBadCommands;
        if (!reply.IsPositive)
            Observer.Refused(verb, reply.Status, reply.FirstLine);
        if (reply.Ends)
            Enter(Closed);
        Write(reply, output);
        return reply;
    }

    // The current input has ended. Returns the reply, if there is one.
    private TReply? Apply(Outcome<TState, TReply> outcome, PipeWriter output)
    {
        _progress += Input.Progress + 1;
        Input = outcome.Next ?? Commands;
        if (outcome.State is { } state)
            Enter(state);
        return outcome.Reply is { } reply ? Answer(outcome.Verb, reply, output) : null;
    }

    // The only writer of the state.
    private void Enter(TState state)
    {
        if (Observer.WantsLines && !EqualityComparer<TState>.Default.Equals(state, State))
            Observer.StateEntered(state.ToString());
        State = state;
    }
}
