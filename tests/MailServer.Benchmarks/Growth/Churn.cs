using MailServer.Benchmarks.Compare;
using MailServer.Benchmarks.Load;

namespace MailServer.Benchmarks.Growth;

/// <summary>Mail that is fetched and deleted as fast as it comes, round after round: the file must not grow for ever.</summary>
internal static class Churn
{
    private const int Rounds = 8;
    private const int MessagesOfRound = 20_000;
    private const int Size = 4 * 1024;
    private static readonly LoadAccounts Accounts = new("u", 4, "localhost", Matrix.Password);

    /// <summary>Prints a line a round. Throws <see cref="CompareFault"/>.</summary>
    public static async Task RunAsync(string program, string root, TextWriter output)
    {
        await output.WriteLineAsync($"\n{MessagesOfRound} messages of {Size >> 10} KB a round, taken by a reader for each of {Accounts.Count} accounts:");
        await using var server = await PrivateMailServer.StartAsync(
            program, root, Enumerable.Range(0, Accounts.Count).Select(Accounts.NameOf), Matrix.Password);
        var data = Path.Combine(root, "data");
        for (var round = 1; round <= Rounds; round++)
        {
            var senders = new SmtpLoad(server.Smtp, Accounts) { Connections = Accounts.Count, Messages = MessagesOfRound, Size = Size };
            Check(await new MixedLoad(senders, server.Pop3).RunAsync());
            Check(await new Pop3Load(server.Pop3, Accounts, Pop3Work.Dele) { Clients = Accounts.Count, IsPipelining = true }.RunAsync());
            var check = await CommandRun.OutputAsync("dotnet", program, "check", "--data", data);
            var room = check.Split('\n').Single(line => line.Contains("in the store", StringComparison.Ordinal)).Trim();
            await output.WriteLineAsync(FormattableString.Invariant(
                $"round {round}: mail.db {LengthOf(data, "mail.db") / 1e6:0.0} MB, log {LengthOf(data, "mail.db-wal") / 1e6:0.0} MB; check says {room}"));
        }
    }

    private static long LengthOf(string directory, string file) => new FileInfo(Path.Combine(directory, file)).Length;

    private static void Check(LoadResult result)
    {
        if (result.Errors > 0)
            throw new CompareFault($"{result}");
    }
}
