using System.Net;
using Xunit.Abstractions;

namespace MailServer.Host.Tests.Torture;

/// <summary>Whoever guesses passwords must not slow down whoever delivers mail.</summary>
[Collection(TortureCollection.Name)]
[Trait("Category", "Torture")]
public sealed class LoginFloodTests(ITestOutputHelper output) : IDisposable
{
    private const int Guessers = 40;
    private const int Senders = 4;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("mailserver-flood-");

    public void Dispose() => _data.Delete(recursive: true);

    [LinuxFact]
    public async Task A_flood_of_wrong_passwords_leaves_deliveries_their_pace()
    {
        var time = Scale.Of(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(4));
        using var server = await TortureServer.StartAsync(_data.FullName, "--bcrypt-cost", "11");
        await server.MakeAccountsAsync("bob");
        Assert.Equal(0, (await MailServerProcess.RunAsync(["user", "add", "victim", "--password-stdin", "--data", _data.FullName], "right\n")).ExitCode);
        await LatencyMeter.CountAsync(server.Smtp, "bob", Senders, time);

        var (calm, flooded) = (new List<int>(), new List<int>());
        var guesses = 0;
        for (var round = 0; round < Scale.Of(3, 7); round++)
        {
            calm.Add(await LatencyMeter.CountAsync(server.Smtp, "bob", Senders, time));
            using var end = new CancellationTokenSource();
            var flood = Enumerable.Range(0, Guessers).Select(_ => GuessAsync(server.Pop3, end.Token)).ToList();
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            flooded.Add(await LatencyMeter.CountAsync(server.Smtp, "bob", Senders, time));
            await end.CancelAsync();
            guesses += (await Task.WhenAll(flood)).Sum();
        }

        var (before, during) = (calm.Order().ElementAt(calm.Count / 2), flooded.Order().ElementAt(flooded.Count / 2));
        var ratio = (double)during / before;
        output.WriteLine(
            $"{before / time.TotalSeconds:0} deliveries a second in peace, {during / time.TotalSeconds:0} under {Guessers} guessing connections ({guesses} guesses answered): ratio {ratio:0.00}");
        if (Scale.IsFull)
            Assert.True(ratio > 0.7, "guessing slows deliveries down");
    }

    // Guesses until the session is ended, and begins again. Leaves when told to, even with a guess unanswered.
    private static async Task<int> GuessAsync(IPEndPoint pop3, CancellationToken end)
    {
        var answered = 0;
        while (!end.IsCancellationRequested)
        {
            using var client = await MailTestClient.GreetedAsync(pop3);
            using var leaving = end.Register(client.Reset);
            while (await client.AskAsync("USER victim") is { } named && named.StartsWith("+OK", StringComparison.Ordinal)
                && await client.AskAsync("PASS wrong") is not null)
            {
                answered++;
            }
        }

        return answered;
    }
}
