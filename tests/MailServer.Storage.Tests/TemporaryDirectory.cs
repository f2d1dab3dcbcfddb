namespace MailServer.Storage.Tests;

/// <summary>A directory that is gone after the test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mailserver-test-").FullName;

    public string MailDb => System.IO.Path.Combine(Path, "mail.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
