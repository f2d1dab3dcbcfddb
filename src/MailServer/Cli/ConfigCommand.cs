using System.CommandLine;

namespace MailServer.Cli;

/// <summary><c>config</c>: every setting in force, and where it was chosen. None of them is a secret.</summary>
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
            var inForce = reader.Read();
            var rows = reader.Origins()
                .Select(row => (
                    row.Setting.Name,
                    Value: row.Values is { } values ? string.Join(", ", values) : row.Setting.InForce?.Invoke(inForce) ?? row.Setting.Default,
                    Source: row.Source ?? "default"))
                .ToList();
            var (name, value) = (rows.Max(row => row.Name.Length), rows.Max(row => row.Value.Length));
            foreach (var row in rows)
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"{row.Name.PadRight(name)}  {row.Value.PadRight(value)}  ({row.Source})");
            return ExitCode.Done;
        });
        return command;
    }
}
