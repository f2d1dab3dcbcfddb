using MailServer.Cli;
using MailServer.Core.Accounts;
using MailServer.Settings;
using MailServer.Storage.Sqlite;

namespace MailServer.Host.Tests;

/// <summary>A command that a signal ends early says how far it came, in words of its own.</summary>
public sealed class InterruptionTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("mailserver-interruption-");

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public async Task An_export_that_ends_before_its_first_message_says_so()
    {
        var (settings, bob) = await MakeAsync();

        var fault = await Assert.ThrowsAsync<CommandFault>(() => ExportCommand.RunAsync(
            settings, bob, ExportFormat.Mbox, At("out"), TextWriter.Null, TextWriter.Null, new CancellationToken(canceled: true)));

        Assert.Equal("interrupted before the first message; 0 messages were written", fault.Message);
    }

    [Fact]
    public async Task An_import_of_accounts_that_ends_early_says_how_many_were_made()
    {
        var (settings, _) = await MakeAsync();
        await File.WriteAllTextAsync(At("accounts"), "bob x\nbob y\ncarol secret\ndan secret\n");
        using var end = new CancellationTokenSource();

        // The first line that is told of comes before any account.
        using var error = new CancellingWriter(end);
        var fault = await Assert.ThrowsAsync<CommandFault>(() => UserImportCommand.RunAsync(settings, At("accounts"), TextWriter.Null, error, end.Token));

        Assert.Equal("interrupted; 0 accounts were made, 1 lines failed", fault.Message);
    }

    [Fact]
    public async Task A_check_that_ends_early_says_so()
    {
        if (OperatingSystem.IsWindows())
            return;
        await MakeAsync();
        using var check = MailServerProcess.Launch(["check", "--data", At("data")]);
        Assert.StartsWith("settings: read", await check.Output.ReadLineAsync(), StringComparison.Ordinal);

        await check.SignalAsync("TERM");

        // A signal that comes after the look interrupts nothing.
        var (exitCode, output, errors) = await check.EndAsync();
        Assert.Equal(output.Contains("nothing found", StringComparison.Ordinal) ? (0, "") : (1, $"mailserver: interrupted; the store was not looked through to its end{Environment.NewLine}"), (exitCode, errors));
    }

    private string At(string name) => Path.Combine(_parent.FullName, name);

    private async Task<(ServerSettings Settings, AccountName Bob)> MakeAsync()
    {
        var bob = AccountName.TryParse("bob")!;
        await using var store = SqliteStorage.Open(At("data"));
        await store.Accounts.AddAsync(bob, null, CancellationToken.None);
        return (new ServerSettings { DataDirectory = At("data") }, bob);
    }

    // Asks for the end at the first line.
    private sealed class CancellingWriter(CancellationTokenSource end) : StringWriter(System.Globalization.CultureInfo.InvariantCulture)
    {
        public override async Task WriteLineAsync(string? value)
        {
            await base.WriteLineAsync(value);
            await end.CancelAsync();
        }
    }
}
