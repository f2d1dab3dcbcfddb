namespace MailClient.Net;

/// <summary>The certificates that the user has agreed to, by server: a file of <c>HOST:PORT FINGERPRINT</c> lines.</summary>
/// <param name="warn">Told in one line when nothing can be remembered.</param>
internal sealed class KnownServers(string folder, Action<string>? warn = null)
{
    public string Path { get; } = System.IO.Path.Combine(folder, "known-servers");

    /// <summary>The fingerprint that was agreed to, or null.</summary>
    public string? Find(ServerAddress address) =>
        Rows().FirstOrDefault(row => row.Server == Key(address)).Fingerprint;

    /// <summary>True when the user has agreed to this certificate on another port of the same host.</summary>
    public bool IsOfSameHost(ServerAddress address, string fingerprint) =>
        Rows().Any(row => row.Fingerprint == fingerprint && HostOf(row.Server) == HostOf(Key(address)));

    /// <summary>Remembers a fingerprint in the place of an older one.</summary>
    public void Remember(ServerAddress address, string fingerprint)
    {
        var rows = Rows().Where(row => row.Server != Key(address)).Append((Key(address), fingerprint));
        UserFiles.Remember(Path, rows.Select(row => $"{row.Item1} {row.Item2}").ToList(), warn);
    }

    private static string HostOf(string server) => server[..Math.Max(0, server.LastIndexOf(':'))];

    private static string Key(ServerAddress address) => address.ToString().ToLowerInvariant();

    private IEnumerable<(string Server, string Fingerprint)> Rows()
    {
        if (!File.Exists(Path))
            yield break;
        foreach (var line in File.ReadAllLines(Path))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var server, var fingerprint])
                yield return (server, fingerprint);
        }
    }
}
