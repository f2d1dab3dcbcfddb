using System.Net;
using MailServer.Benchmarks.Load;

namespace MailServer.Benchmarks.Compare;

/// <summary>A server, or a pair of them, as the loads see it.</summary>
/// <param name="Scale">How many times as much work it gets as the slowest, so that a run is long enough to measure.</param>
/// <param name="SettleAsync">Waits until what the last load left to do is done.</param>
internal sealed record Target(string Name, IPEndPoint Smtp, IPEndPoint Pop3, IReadOnlyList<int> Pids, int Scale, Func<Task> SettleAsync)
{
    public static Target Of(PrivatePostfix postfix, PrivateDovecot dovecot) =>
        new($"{postfix.Name} / {dovecot.Name}", postfix.EndPoint, dovecot.EndPoint, [postfix.Pid, dovecot.Pid], 1, postfix.SettleAsync);

    public static Target Of(PrivateMailServer server) =>
        new(server.Name, server.Smtp, server.Pop3, [server.Pid], 4, () => Task.CompletedTask);

    public static Target Of(PrivateSink sink) =>
        new(sink.Name, sink.Smtp, sink.Pop3, [sink.Pid], 8, () => Task.CompletedTask);
}

/// <summary>A row of the matrix.</summary>
/// <param name="Load">What is done.</param>
/// <param name="Unit">What the figure counts in a second.</param>
/// <param name="Bar">How many times as fast as Postfix or Dovecot ours must be.</param>
/// <param name="MessageSize">Octets of the messages in the maildrops, for the server that stores nothing.</param>
/// <param name="RunAsync">Puts the load on a target; the number scales how much of it.</param>
internal sealed record MatrixRow(string Load, string Unit, double Bar, int MessageSize, Func<Target, double, Task<LoadResult>> RunAsync)
{
    public double Figure(LoadResult result) => Unit == "MB/s" ? result.MegabytesPerSecond : result.Rate;
}
