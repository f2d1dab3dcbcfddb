using MailServer.Benchmarks.Load;

namespace MailServer.Benchmarks.Compare;

/// <summary>What is compared, and the mail that must lie there for it.</summary>
internal static class Matrix
{
    public const string Password = "pencil-And-paper-7";

    public const int SmallMessages = 1000;
    public const int SmallSize = 4 * 1024;
    public const int LargeMessages = 20;
    public const int LargeSize = 5 * 1024 * 1024;

    private const int Kilobyte = 1024;
    private const int Megabyte = 1024 * 1024;

    private static readonly LoadAccounts Recipients = Accounts("u", 20);
    private static readonly LoadAccounts SmallReaders = Accounts("r", 4);
    private static readonly LoadAccounts LargeReaders = Accounts("b", 2);
    private static readonly LoadAccounts Visitors = Accounts("v", 10);

    // The counts are what Postfix and Dovecot do in some seconds.
    public static IReadOnlyList<MatrixRow> Rows { get; } =
    [
        Smtp("SMTP 1 KB, 1 connection, many messages", "msg/s", 6, 1, 2000, Kilobyte),
        Smtp("SMTP 1 KB, 20 connections, many messages each", "msg/s", 12, 20, 3000, Kilobyte),
        Smtp("SMTP 1 KB, 100 connections, many messages each", "msg/s", 12, 100, 3000, Kilobyte),
        Smtp("SMTP 1 KB, 20 connections, a connection a message", "msg/s", 8, 20, 2000, Kilobyte, 1),
        Smtp("SMTP 1 KB, 100 connections, a connection a message", "msg/s", 8, 100, 2000, Kilobyte, 1),
        Smtp("SMTP 1 MB, 4 connections", "MB/s", 2, 4, 300, Megabyte),
        Smtp("SMTP 10 MB, 2 connections", "MB/s", 2, 2, 30, 10 * Megabyte),
        Pop3("POP3 login (bcrypt, known client), 1 client", "sessions/s", 6, Visitors, Pop3Work.Login, 1, 1000, false, SmallSize),
        Pop3("POP3 login (bcrypt, known client), 10 clients", "sessions/s", 6, Visitors, Pop3Work.Login, 10, 1500, false, SmallSize),
        Pop3("POP3 RETR of 1,000 x 4 KB, 4 clients, one by one", "msg/s", 2, SmallReaders, Pop3Work.Retr, 4, 16, false, SmallSize),
        Pop3("POP3 RETR of 1,000 x 4 KB, 4 clients, pipelined", "msg/s", 3, SmallReaders, Pop3Work.Retr, 4, 32, true, SmallSize),
        Pop3("POP3 RETR of 20 x 5 MB, 2 clients", "MB/s", 2, LargeReaders, Pop3Work.Retr, 2, 10, false, LargeSize),
    ];

    /// <summary>The accounts that every server needs.</summary>
    public static IEnumerable<string> AccountNames =>
        new[] { Recipients, SmallReaders, LargeReaders, Visitors }
            .SelectMany(accounts => Enumerable.Range(0, accounts.Count).Select(accounts.NameOf));

    /// <summary>Puts the mail there that is fetched later, and logs in once with every account: from then on it is known.</summary>
    public static async Task FillAsync(Target target)
    {
        await FillAsync(target, SmallReaders, SmallMessages, SmallSize);
        await FillAsync(target, LargeReaders, LargeMessages, LargeSize);
        await target.SettleAsync();
        foreach (var accounts in new[] { Visitors, SmallReaders, LargeReaders })
            Check(await new Pop3Load(target.Pop3, accounts, Pop3Work.Login) { Clients = accounts.Count, Rounds = 4 * accounts.Count }.RunAsync(), target);
    }

    private static async Task FillAsync(Target target, LoadAccounts accounts, int messages, int size)
    {
        for (var i = 0; i < accounts.Count; i++)
        {
            var only = accounts with { Name = accounts.NameOf(i), IsNumbered = false };
            Check(await new SmtpLoad(target.Smtp, only) { Connections = 4, Messages = messages, Size = size }.RunAsync(), target);
        }
    }

    private static void Check(LoadResult result, Target target)
    {
        if (result.Errors > 0)
            throw new CompareFault($"{target.Name} cannot be filled: {result}");
    }

    private static LoadAccounts Accounts(string name, int count) => new(name, count, "localhost", Password);

    private static MatrixRow Smtp(string load, string unit, double bar, int connections, long messages, int size, int perConnection = 0) =>
        new(load, unit, bar, SmallSize, (target, scale) => new SmtpLoad(target.Smtp, Recipients)
        {
            Connections = connections,
            Messages = Math.Max(connections, (long)(messages * scale * target.Scale)),
            Size = size,
            MessagesPerConnection = perConnection,
            ServerPids = target.Pids,
        }.RunAsync());

    private static MatrixRow Pop3(
        string load, string unit, double bar, LoadAccounts accounts, Pop3Work work, int clients, long rounds, bool isPipelining, int size) =>
        new(load, unit, bar, size, (target, scale) => new Pop3Load(target.Pop3, accounts, work)
        {
            Clients = clients,
            Rounds = Math.Max(1, (long)(rounds * scale * target.Scale)),
            IsPipelining = isPipelining,
            ServerPids = target.Pids,
        }.RunAsync());
}
