using System.Diagnostics;
using System.Net;

namespace MailServer.Benchmarks.Compare;

/// <summary>Our server as it is shipped, in a process of its own.</summary>
internal sealed class PrivateMailServer : PrivateServer
{
    private string[] _serve = [];

    private PrivateMailServer()
    {
    }

    public override string Name => "MailServer";

    public IPEndPoint Smtp { get; } = FreeEndPoint();

    public IPEndPoint Pop3 { get; } = FreeEndPoint();

    /// <summary>Makes the accounts and starts it. Throws <see cref="CompareFault"/>.</summary>
    /// <param name="program">mailserver.dll of a Release build.</param>
    public static async Task<PrivateMailServer> StartAsync(string program, string root, IEnumerable<string> accounts, string password)
    {
        var server = new PrivateMailServer();
        try
        {
            var list = Path.Combine(root, "accounts");
            await File.WriteAllLinesAsync(list, accounts.Select(name => $"{name} {password}"));
            var config = Path.Combine(root, "settings.json");
            await File.WriteAllTextAsync(config, $$"""{"bcryptCost": {{Comparison.BcryptCost}}, "connections": 20000}""");
            string[] settings = ["--data", Path.Combine(root, "data"), "--config", config];
            await CommandRun.OutputAsync("dotnet", [program, "user", "import", list, .. settings]);
            server._serve = [program, "serve", .. settings, "--smtp", server.Smtp.ToString(), "--pop3", server.Pop3.ToString()];
            await server.StartAsync("dotnet", server._serve, server.Smtp, server.Pop3);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it and starts it again on the same mail. Throws <see cref="CompareFault"/>.</summary>
    /// <returns>How long the start took, until clients are greeted.</returns>
    public async Task<TimeSpan> RestartAsync()
    {
        await DisposeAsync();
        var start = Stopwatch.GetTimestamp();
        await StartAsync("dotnet", _serve, Smtp, Pop3);
        return Stopwatch.GetElapsedTime(start);
    }
}
