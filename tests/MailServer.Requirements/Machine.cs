using System.Collections.Concurrent;
using System.Diagnostics;
using MailServer.Testing;

namespace MailServer.Requirements;

/// <summary>What this machine has. Each row of the <see cref="RequirementTable"/> is looked for once in the life of the process.</summary>
public static class Machine
{
    private static readonly ConcurrentDictionary<string, Lazy<string?>> Known = new(StringComparer.Ordinal);

    /// <summary>True on a machine that decides over a change: there a test that cannot run fails, and is not skipped.</summary>
    public static bool IsJudge { get; } = string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>What is missing and how to get it, in one line; null when all that is named is there.</summary>
    public static string? Lacks(params IEnumerable<string> names)
    {
        if (!OperatingSystem.IsLinux())
            return "These programs and their options are Linux's.";
        return names.Select(name => Known.GetOrAdd(name, key => new(() => Look(Row(key), Programs.Folders))).Value).FirstOrDefault(lack => lack is not null);
    }

    /// <summary>Looks for one row, by running its command, in these folders.</summary>
    internal static string? Look(Requirement requirement, IReadOnlyList<string> folders)
    {
        if (requirement.Needs.Select(name => Look(Row(name), folders)).FirstOrDefault(lack => lack is not null) is { } lack)
            return lack;
        return Try(requirement, folders) is { } reason ? $"This needs {requirement.Name}: {requirement.Remedy}. ({reason})" : null;
    }

    private static Requirement Row(string name) =>
        RequirementTable.Rows.FirstOrDefault(row => row.Name == name) ?? throw new InvalidOperationException($"The table of requirements has no row {name}");

    // Null when it is there.
    private static string? Try(Requirement requirement, IReadOnlyList<string> folders)
    {
        if (Programs.Find(requirement.Program, folders) is null)
            return $"{requirement.Program} was not found";
        var start = Programs.Prepare(requirement.Program, requirement.Arguments, folders);
        start.WorkingDirectory = Path.GetTempPath();
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(HangGuard.Limit))
            {
                process.Kill(entireProcessTree: true);
                return $"{requirement.Program} did not end";
            }

            var said = output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult();
            if (process.ExitCode != 0)
                return $"{requirement.Program} ended with {process.ExitCode}: {FirstLine(said)}";
            return requirement.Says.FirstOrDefault(words => !said.Contains(words, StringComparison.Ordinal)) is { } missing
                ? $"{requirement.Program} does not say \"{missing.Trim()}\""
                : null;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return $"{requirement.Program} does not start: {exception.Message}";
        }
    }

    private static string FirstLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault("it said nothing");
}
