using MailServer.Benchmarks.Compare;
using MailServer.Benchmarks.Load;

namespace MailServer.Benchmarks.Growth;

/// <summary>Starts, logs in and delivers with stores of several sizes, in turn.</summary>
internal static class StoreSizes
{
    private const int Rounds = 7;
    private const int Logins = 400;
    private const int Deliveries = 5_000;
    private const int Kilobyte = 1024;
    private const string Password = Matrix.Password;

    private static readonly LoadAccounts Owners = new("u", 20, "localhost", Password);
    private static readonly LoadAccounts Visitor = new("v", 1, "localhost", Password);

    /// <summary>Prints a table: a line for each size, with ratios to the smallest. Throws <see cref="CompareFault"/>.</summary>
    public static async Task RunAsync(string program, string root, IReadOnlyList<int> sizes, TextWriter output)
    {
        var stores = new List<Store>();
        try
        {
            foreach (var size in sizes)
                stores.Add(await FillAsync(program, Directory.CreateDirectory(Path.Combine(root, $"{size}")).FullName, size, output));
            foreach (var measure in new Func<Store, bool, Task>[] { StartAsync, DeliverAsync })
            {
                for (var round = 0; round <= Rounds; round++)
                {
                    foreach (var store in stores)
                        await measure(store, round == 0);
                }
            }
        }
        finally
        {
            foreach (var store in stores)
                await store.Server.DisposeAsync();
        }

        await output.WriteLineAsync("\n| messages | start, ms | | login, ms (p50) | | deliveries/s, 20 connections | |");
        await output.WriteLineAsync("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var store in stores)
        {
            var (start, login, rate) = (Median(store.Starts), Median(store.Logins), Median(store.Rates));
            await output.WriteLineAsync(FormattableString.Invariant(
                $"| {store.Size:N0} | {start:N0} | {start / Median(stores[0].Starts):0.00} | {login:0.00} | {login / Median(stores[0].Logins):0.00} | {rate:N0} | {rate / Median(stores[0].Rates):0.00} |"));
        }
    }

    // The visitor has little mail himself, so that only the size of the store differs.
    private static async Task<Store> FillAsync(string program, string directory, int size, TextWriter output)
    {
        var accounts = Enumerable.Range(0, Owners.Count).Select(Owners.NameOf).Append(Visitor.NameOf(0));
        var server = await PrivateMailServer.StartAsync(program, directory, accounts, Password);
        var result = Checked(await new SmtpLoad(server.Smtp, Owners) { Connections = Math.Min(size, 100), Messages = size, Size = Kilobyte }.RunAsync());
        Checked(await new SmtpLoad(server.Smtp, Visitor) { Messages = 10, Size = Kilobyte }.RunAsync());
        await output.WriteLineAsync($"{size}: {result}");
        return new(size, server);
    }

    // Before anything is delivered, so that the sizes are what they are called.
    private static async Task StartAsync(Store store, bool isWarmUp)
    {
        var start = await store.Server.RestartAsync();
        var logins = new Pop3Load(store.Server.Pop3, Visitor, Pop3Work.Login) { Rounds = Logins };
        Checked(await logins.RunAsync());
        var login = Checked(await logins.RunAsync()).P50;
        if (isWarmUp)
            return;
        store.Starts.Add(start.TotalMilliseconds);
        store.Logins.Add(login);
    }

    private static async Task DeliverAsync(Store store, bool isWarmUp)
    {
        var deliveries = new SmtpLoad(store.Server.Smtp, Owners) { Connections = 20, Messages = Deliveries, Size = Kilobyte };
        var rate = Checked(await deliveries.RunAsync()).Rate;
        if (!isWarmUp)
            store.Rates.Add(rate);
    }

    private static LoadResult Checked(LoadResult result) => result.Errors == 0 ? result : throw new CompareFault($"{result}");

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed record Store(int Size, PrivateMailServer Server)
    {
        public List<double> Starts { get; } = [];

        public List<double> Logins { get; } = [];

        public List<double> Rates { get; } = [];
    }
}
