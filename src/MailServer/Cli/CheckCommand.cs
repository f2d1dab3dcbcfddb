using System.CommandLine;
using System.Globalization;
using MailServer.Core.Mail;
using MailServer.Files;
using MailServer.Net;
using MailServer.Settings;

namespace MailServer.Cli;

/// <summary><c>check</c>: looks whether settings, store, certificate and room are as they should be, also while the server runs.</summary>
internal static class CheckCommand
{
    // Time enough to get a new certificate.
    private static readonly TimeSpan _notice = TimeSpan.FromDays(21);

    public static Command Create(SettingOptions settings)
    {
        var command = new Command("check", "Look for what is wrong with settings, store, certificate or room, and say what to do; also while the server runs");
        foreach (var option in settings.OfServe)
            command.Options.Add(option);
        command.SetAction(async (parsed, _) =>
        {
            using var interruption = new Interruption();
            var output = parsed.InvocationConfiguration.Output;
            var findings = new List<Finding>();
            if (Settings(settings, parsed, findings) is { } read)
                await CheckAsync(read, StoreArguments.OpenExisting(read), findings, output, interruption.Token);

            foreach (var finding in findings)
                await output.WriteLineAsync($"found: {finding.Problem}: {finding.Remedy}");
            await output.WriteLineAsync(findings.Count == 0 ? "nothing found" : $"{findings.Count} found");
            return findings.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static async Task CheckAsync(
        ServerSettings settings, IStoreMaintenance store, List<Finding> findings, TextWriter output, CancellationToken cancellation)
    {
        await output.WriteLineAsync("settings: read; mailserver config shows them");
        if (settings.UnknownVariables.Count > 0)
            findings.Add(new Finding($"there is no setting for {string.Join(", ", settings.UnknownVariables)}", "correct the name in the environment; mailserver config lists the settings"));
        var directory = StorageFactory.DirectoryOf(settings);
        var refusals = directory.Refusals().ToList();
        findings.AddRange(refusals);
        if (await LookAsync(store, findings, isRefused: refusals is not [], cancellation) is { } figures)
        {
            await output.WriteLineAsync(
                $"store: {figures.Accounts} accounts, {figures.Messages} messages, {TransferProgress.Size(figures.Octets)}");
            await output.WriteLineAsync(
                $"room: {TransferProgress.Size(figures.FreeOnDisk)} free on the disk{WithinFile(figures.FreeInFile)}, {TransferProgress.Size(figures.KeptBack)} of it kept back");
            if (settings.CatchAll is { } name && !await store.HasAccountAsync(name, cancellation))
                findings.Add(new Finding($"catch-all names {name}, which is no account", $"mailserver user add {name} makes it"));
        }

        CheckAccess(directory, findings);
        await output.WriteLineAsync("certificate: " + Certificate(settings, directory, findings));
    }

    // The store cannot be opened because of what this user may not use, which is a finding already.
    private static async Task<StoreFigures?> LookAsync(IStoreMaintenance store, List<Finding> findings, bool isRefused, CancellationToken cancellation)
    {
        try
        {
            var (found, figures) = await store.CheckAsync(cancellation);
            findings.AddRange(found);
            return figures;
        }
        catch (OperationCanceledException)
        {
            throw new CommandFault("interrupted; the store was not looked through to its end");
        }
        catch (StoreFault) when (isRefused)
        {
            return null;
        }
    }

    // What deleted mail has left, and new mail takes first.
    private static string WithinFile(long octets) => octets == 0 ? "" : $" and {TransferProgress.Size(octets)} within the store that deleted mail has left";

    private static ServerSettings? Settings(SettingOptions settings, ParseResult parsed, List<Finding> findings)
    {
        try
        {
            return settings.Read(parsed);
        }
        catch (SettingFault fault)
        {
            findings.Add(new Finding($"the settings are wrong, and nothing else was looked at: {fault.Message}", "correct that and check again"));
            return null;
        }
    }

    private static void CheckAccess(DataDirectory directory, List<Finding> findings)
    {
        foreach (var path in directory.StoreFiles.Append(directory.KeyFile).Where(PrivateFiles.IsOpenToOthers))
            findings.Add(new Finding($"{path} can be read by others than its owner", $"chmod 600 {path}"));
    }

    // What to say about the certificate; the server makes its own at the first start.
    private static string Certificate(ServerSettings settings, DataDirectory directory, List<Finding> findings)
    {
        var file = settings.TlsCertificate ?? directory.CertificateFile;
        var key = settings.TlsCertificate is null ? directory.KeyFile : settings.TlsKey ?? file;
        if (settings.TlsCertificate is null && !File.Exists(file))
            return "none yet; the server makes one when it starts";
        var renewal = settings.TlsCertificate is null ? $"delete {directory.Tls} and start the server again" : $"put a new one into {file}";
        try
        {
            using var certificates = TlsCertificates.Open(file, key, _ => { });
            var now = TimeProvider.System.GetUtcNow().UtcDateTime;
            var (from, until) = (certificates.Certificate.NotBefore.ToUniversalTime(), certificates.Certificate.NotAfter.ToUniversalTime());
            if (now < from)
                findings.Add(new Finding($"the certificate {file} counts only from {Day(from)}", "look whether the clock is right, or use the certificate before this one"));
            if (now > until)
                findings.Add(new Finding($"the certificate {file} has expired on {Day(until)}", renewal));
            else if (until - now < _notice)
                findings.Add(new Finding($"the certificate {file} expires on {Day(until)}", renewal));
            return $"{file}, good until {Day(until)}";
        }
        catch (CertificateFault fault)
        {
            // A key that is there is not to be thrown away because somebody else owns it.
            findings.Add(new Finding(fault.Problem, fault.InnerException is UnauthorizedAccessException ? $"as root, chown {file} and {key} to the user that the server runs as"
                : settings.TlsCertificate is null ? renewal : fault.Remedy));
            return file;
        }
    }

    private static string Day(DateTime time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
