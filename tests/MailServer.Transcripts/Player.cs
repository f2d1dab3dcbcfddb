using MailServer.Core.Accounts;

namespace MailServer.Transcripts;

/// <summary>A server as a transcript meets it. What it is made of (a session, a socket) is the player's own affair.</summary>
public abstract class Player : IAsyncDisposable
{
    /// <summary>A new client of the server; its greeting waits to be read.</summary>
    public abstract Task<PlayedClient> ConnectAsync();

    /// <summary>Moves the server's clock, with everything that comes due on the way.</summary>
    public virtual Task AdvanceAsync(TimeSpan time) => throw new NotSupportedException("This player cannot move the clock");

    /// <summary>From now on the store's operation throws this; null for none.</summary>
    public virtual void SetFault(string operation, Exception? fault) => throw new NotSupportedException("This player cannot break the store");

    /// <summary>The server is told to stop, and tells its clients.</summary>
    public virtual Task StopAsync() => throw new NotSupportedException("This player cannot stop the server");

    /// <summary>A message arrives in a mailbox by another way than this transcript's conversation.</summary>
    public abstract Task DeliverAsync(GivenMessage message);

    /// <summary>The messages of an account as they lie there, oldest first; null when there is no such account.</summary>
    public abstract Task<IReadOnlyList<byte[]>?> MessagesOfAsync(AccountName name);

    public abstract ValueTask DisposeAsync();
}

/// <summary>One connection to the server.</summary>
public abstract class PlayedClient : IAsyncDisposable
{
    /// <summary>Sends octets, as one piece as far as the player knows pieces.</summary>
    public abstract Task SendAsync(ReadOnlyMemory<byte> octets);

    /// <summary>The next line without its CRLF; null when none comes. A line not ended by CRLF is none.</summary>
    public abstract Task<byte[]?> ReadLineAsync();

    /// <summary>What has arrived and was not read yet. Does not wait.</summary>
    public abstract byte[] Unread { get; }

    /// <summary>True when the server has closed; waits for it if need be.</summary>
    public abstract Task<bool> IsClosedAsync();

    /// <summary>Does the TLS handshake that the server has agreed to.</summary>
    public abstract Task StartTlsAsync();

    /// <summary>Breaks the connection; returns when the server has noticed.</summary>
    public abstract Task HangUpAsync();

    /// <summary>Sends no more, and returns everything that the server still said.</summary>
    public abstract Task<byte[]> FinishAsync();

    public abstract ValueTask DisposeAsync();
}
