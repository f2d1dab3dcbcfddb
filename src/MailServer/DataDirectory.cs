using MailServer.Core.Mail;
using MailServer.Files;

namespace MailServer;

/// <summary>The data directory: what lies where in it, and whether this process may use it.</summary>
/// <param name="path">As whoever runs the program writes it.</param>
internal sealed class DataDirectory(string path)
{
    /// <summary>The one that is used unless another is chosen.</summary>
    public const string Default = "./mailserver-data";

    public string Path => path;

    /// <summary>The files of the store that lies here, if one does.</summary>
    public IReadOnlyList<string> StoreFiles { get; init; } = [];

    public string SettingsFile => In("mailserver.json");

    public string Logs => In("logs");

    /// <summary>The folder of the certificate that the server makes for itself.</summary>
    public string Tls => In("tls");

    public string CertificateFile => System.IO.Path.Combine(Tls, "cert.pem");

    public string KeyFile => System.IO.Path.Combine(Tls, "key.pem");

    /// <summary>The file whose lock says that a server runs here.</summary>
    public string LockFile => In("mailserver.lock");

    /// <summary>The file that tells which process it is. A locked file may not be readable by others (Windows).</summary>
    public string HolderFile => In("mailserver.pid");

    /// <summary>The server's own files here, but for those in its folders.</summary>
    public IReadOnlyList<string> ServerFiles => [SettingsFile, LockFile, HolderFile];

    /// <summary>The folders here in which everything is the server's own.</summary>
    public IReadOnlyList<string> ServerFolders => [Tls, Logs];

    public bool Exists => Directory.Exists(path);

    /// <summary>Makes the directory if it is missing. Throws <see cref="StoreFault"/>.</summary>
    public void Create()
    {
        DirectoryAccess.ThrowIfDangling(path);
        try
        {
            PrivateFiles.CreateFolder(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(exception);
        }
    }

    /// <summary>Throws <see cref="StoreFault"/> when something here belongs to somebody who lets us not use it.</summary>
    public void ThrowIfForeign()
    {
        if (Refusals().FirstOrDefault() is { } refusal)
            throw new StoreFault(StoreFaultKind.Unavailable, $"{refusal.Problem}; {refusal.Remedy}");
    }

    /// <summary>The directory and what lies in it that this process may not use, though a server must.</summary>
    public IEnumerable<Finding> Refusals() => DirectoryAccess.Refusals(path, Needed());

    /// <summary>The fault for a directory that the system lets us not use.</summary>
    public StoreFault Unusable(Exception cause) => DirectoryAccess.Unusable(path, Needed(), cause);

    private IEnumerable<string> Needed() =>
        [path, .. StoreFiles, LockFile, HolderFile, Tls, Logs, .. FilesIn(Tls), .. FilesIn(Logs)];

    private string In(string name) => System.IO.Path.Combine(path, name);

    private static string[] FilesIn(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The folder itself is refused before its files.
            return [];
        }
    }
}
