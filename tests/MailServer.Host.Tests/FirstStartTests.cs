using MailServer.Settings;

namespace MailServer.Host.Tests;

/// <summary>What whoever starts the server is told.</summary>
public sealed class FirstStartTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("mailserver-first-");
    private readonly ListLogger _log = new();

    public void Dispose()
    {
        _log.Dispose();
        _parent.Delete(recursive: true);
    }

    [Fact]
    public async Task A_person_at_the_first_start_is_told_what_to_try()
    {
        var port = await StartAsync(isAtTerminal: true);
        Assert.Contains($"Information: Try: telnet localhost {port}, then HELO your-name", _log.Rest());

        // The second time it is known.
        await StartAsync(isAtTerminal: true);
        Assert.DoesNotContain(_log.Rest(), line => line.Contains("Try:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_is_told_nothing()
    {
        await StartAsync(isAtTerminal: false);
        Assert.DoesNotContain(_log.Rest(), line => line.Contains("Try:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_port_of_TLS_that_begins_in_clear_is_warned_about()
    {
        // Ports of another address than the tests' own, so that none of them is in use.
        var settings = Settings with { Smtp = [EndPointText.Parse("127.0.0.58:465"), EndPointText.Parse("127.0.0.58:0/tls")], Pop3 = [EndPointText.Parse("127.0.0.58:995")] };
        try
        {
            await (await Composition.StartAsync(settings, TimeProvider.System, _log)).DisposeAsync();
        }
        catch (Net.ListenFault)
        {
            // This user may not bind them.
            return;
        }

        var lines = _log.Rest();
        foreach (var endPoint in new[] { "127.0.0.58:465", "127.0.0.58:995" })
            Assert.Contains(lines, line => line.StartsWith("Warning: ", StringComparison.Ordinal) && line.EndsWith($"write {endPoint}/tls", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_misspelt_variable_of_the_environment_is_named()
    {
        var unknown = EnvironmentSettings.Unknown(["MAILSERVER_REGISTRATON", "MAILSERVER_REGISTRATION", "MAILSERVER_CONFIG", "MAILSERVER_DATA", "MAILSERVER_TORTURE", "MAILSERVER_PORT_25_TCP", "MAILSERVER_SERVICE_HOST", "PATH"]);
        Assert.Equal(["MAILSERVER_REGISTRATON"], unknown);

        await (await Composition.StartAsync(Settings with { UnknownVariables = unknown }, TimeProvider.System, _log)).DisposeAsync();

        Assert.Contains(_log.Rest(), line => line.StartsWith("Warning: There is no setting for MAILSERVER_REGISTRATON", StringComparison.Ordinal));
    }

    private ServerSettings Settings => new()
    {
        DataDirectory = Path.Combine(_parent.FullName, "data"),
        Smtp = [EndPointText.Parse("127.0.0.1:0/tls"), EndPointText.Parse("127.0.0.1:0")],
        Pop3 = [EndPointText.Parse("127.0.0.1:0")],
    };

    private async Task<int> StartAsync(bool isAtTerminal)
    {
        await using var servers = await Composition.StartAsync(Settings, TimeProvider.System, _log, isAtTerminal);
        return servers.SmtpEndPoints[1].Port;
    }
}
