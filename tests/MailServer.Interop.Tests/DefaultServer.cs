using MailServer.Settings;

namespace MailServer.Interop.Tests;

/// <summary>The server as it is when nobody chooses anything.</summary>
public sealed class DefaultServer : RunningServer
{
    /// <summary>The domain that every server has.</summary>
    public const string LocalDomain = "localhost";

    protected override ServerSettings Choose(ServerSettings settings) => settings;
}
