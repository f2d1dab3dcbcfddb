using System.Globalization;

namespace MailServer.Benchmarks.Compare;

/// <summary>The servers that are compared, running: ours, and the others if they run here.</summary>
internal sealed class Servers : IAsyncDisposable
{
    private const int NobodysId = 65534;

    private readonly Stack<PrivateServer> _running = new();

    private Servers()
    {
    }

    /// <summary>What the loads are put on, ours last.</summary>
    public IReadOnlyList<Target> Targets { get; private set; } = [];

    /// <summary>Why there is nothing to compare with, or null.</summary>
    public string? Missing { get; private set; }

    /// <summary>Starts them on an empty directory. Throws <see cref="CompareFault"/> when ours does not start.</summary>
    public static async Task<Servers> StartAsync(string program, string root)
    {
        var servers = new Servers();
        try
        {
            var others = await servers.TryStartOthersAsync(root);
            var ours = await PrivateMailServer.StartAsync(program, Make(root, "ours"), Matrix.AccountNames, Matrix.Password);
            servers._running.Push(ours);
            servers.Targets = others is null ? [Target.Of(ours)] : [others, Target.Of(ours)];
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_running.TryPop(out var server))
            await server.DisposeAsync();
    }

    // Without them there is still something to measure.
    private async Task<Target?> TryStartOthersAsync(string root)
    {
        try
        {
            var mail = Make(root, "mail");
            await CommandRun.OutputAsync("chown", string.Create(CultureInfo.InvariantCulture, $"{NobodysId}:{NobodysId}"), mail);
            var postfix = await PrivatePostfix.StartAsync(Make(root, "postfix"), mail, NobodysId, NobodysId, Matrix.AccountNames);
            _running.Push(postfix);
            var dovecot = await PrivateDovecot.StartAsync(
                Make(root, "dovecot"), mail, NobodysId, NobodysId, Matrix.AccountNames, Matrix.Password);
            _running.Push(dovecot);
            return Target.Of(postfix, dovecot);
        }
        catch (CompareFault fault)
        {
            Missing = fault.Message;
            return null;
        }
    }

    private static string Make(string root, string name) => Directory.CreateDirectory(Path.Combine(root, name)).FullName;
}
