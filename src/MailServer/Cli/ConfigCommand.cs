using System.CommandLine;
using System.Globalization;
using MailServer.Net;
using MailServer.Settings;

namespace MailServer.Cli;

/// <summary><c>config</c>: every setting in force, and where it was chosen. What is secret in one is not shown.</summary>
internal static class ConfigCommand
{
    public static Command Create(SettingOptions settings)
    {
        var command = new Command("config", "Show every setting in force, and whether the command line, the environment, the file or the default says so");
        foreach (var option in settings.OfServe)
            command.Options.Add(option);
        command.SetAction(async (parsed, _) =>
        {
            var reader = settings.Reader(parsed);
            var inForce = settings.Read(parsed);
            var rows = reader.Origins()
                .Select(row => (
                    row.Setting.Name,
                    Value: row.Values is { } values ? string.Join(", ", values.Select(row.Setting.Shown)) : row.Setting.InForce?.Invoke(inForce) ?? row.Setting.Default,
                    Source: row.Source ?? "default"))
                .Select(row => row.Name == SettingTable.Connections.Name ? ClampToOpenFiles(row, inForce.Limits.Connections) : row)
                .ToList();
            var (name, value) = (rows.Max(row => row.Name.Length), rows.Max(row => row.Value.Length));
            foreach (var row in rows)
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"{row.Name.PadRight(name)}  {row.Value.PadRight(value)}  ({row.Source})");
            if (inForce.UnknownVariables is not [])
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"mailserver: there is no setting for {string.Join(", ", inForce.UnknownVariables)}; correct the name in the environment");
            return ExitCode.Done;
        });
        return command;
    }

    // As the server does it when it starts.
    private static (string Name, string Value, string Source) ClampToOpenFiles((string Name, string Value, string Source) row, int wanted)
    {
        var possible = OpenFiles.Share(wanted);
        if (possible == wanted)
            return row;
        var origin = row.Source == "default" ? row.Source : $"{row.Source} says {wanted}";
        return (row.Name, possible.ToString(CultureInfo.InvariantCulture), $"{origin}; more takes a higher ulimit -n, or LimitNOFILE in a systemd unit");
    }
}
