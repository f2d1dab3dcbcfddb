using System.Diagnostics;
using System.Reflection;

namespace MailServer.Interop.Tests;

/// <summary>The test of the looking: what is missing or odd is seen, and said with its remedy.</summary>
public sealed class RequirementTests : IDisposable
{
    private readonly DirectoryInfo _first = Directory.CreateTempSubdirectory("mailserver-programs-");
    private readonly DirectoryInfo _second = Directory.CreateTempSubdirectory("mailserver-programs-");

    public static TheoryData<string> Names => [.. RequirementTable.Rows.Select(row => row.Name)];

    private string[] Folders => [_first.FullName, _second.FullName];

    public void Dispose()
    {
        _first.Delete(recursive: true);
        _second.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void On_a_machine_with_nothing_a_test_says_what_it_needs_and_how_to_get_it(string name)
    {
        if (OperatingSystem.IsWindows())
            return;
        var row = RequirementTable.Rows.Single(row => row.Name == name);
        var lack = Machine.Look(row, Folders);
        Assert.NotNull(lack);
        Assert.DoesNotContain('\n', lack);
        Assert.Contains(RequirementTable.Rows.Single(other => other.Name == (row.Needs.Count > 0 ? row.Needs[0] : name)).Remedy, lack, StringComparison.Ordinal);
        Assert.EndsWith(" was not found)", lack, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_program_that_only_fails_or_is_another_under_the_same_name_does_not_count(string name)
    {
        if (OperatingSystem.IsWindows())
            return;
        var row = RequirementTable.Rows.Single(row => row.Name == name);
        foreach (var program in RequirementTable.Rows.Select(other => other.Program).Distinct())
            Write(_first, program, "echo 'error: no such option' >&2; exit 1");
        Assert.Contains("ended with 1: error: no such option", Machine.Look(row, Folders), StringComparison.Ordinal);

        if (row.Says.Count == 0)
            return;
        foreach (var program in RequirementTable.Rows.Select(other => other.Program).Distinct())
            Write(_first, program, "echo 'something else 9.9'");
        Assert.Contains("does not say", Machine.Look(row, Folders), StringComparison.Ordinal);
    }

    [Fact]
    public void A_feature_that_a_program_was_built_without_is_missed()
    {
        if (OperatingSystem.IsWindows())
            return;
        var row = RequirementTable.Rows.Single(row => row.Name == "curl");
        Write(_first, "curl", "echo 'Protocols: pop3 pop3s smtp smtps telnet'; echo 'Features: IPv6 SSL threadsafe'");
        Assert.Null(Machine.Look(row, Folders));
        Write(_first, "curl", "echo 'Protocols: http https pop3 pop3s'; echo 'Features: IPv6 SSL threadsafe'");
        Assert.Contains("curl does not say \"smtp smtps\"", Machine.Look(row, Folders), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_needed_by_the_way_is_looked_for_too()
    {
        if (OperatingSystem.IsWindows())
            return;
        var row = RequirementTable.Rows.Single(row => row.Name == "telnet");
        Write(_first, "telnet", "echo 'telnet (GNU inetutils) 2.4'");
        Assert.Contains("This needs expect", Machine.Look(row, Folders), StringComparison.Ordinal);
        Write(_second, "expect", "echo 5.45");
        Assert.Null(Machine.Look(row, Folders));
    }

    [Fact]
    public void The_first_folder_wins_and_what_cannot_be_run_is_passed_over()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.WriteAllText(Path.Combine(_first.FullName, "ruby"), "no program");
        Write(_second, "ruby", "exit 0");
        Assert.Equal(Path.Combine(_second.FullName, "ruby"), Programs.Find("ruby", Folders));
        Write(_first, "ruby", "exit 0");
        Assert.Equal(Path.Combine(_first.FullName, "ruby"), Programs.Find("ruby", Folders));
        Assert.Equal(string.Join(':', Folders), Programs.Prepare("ruby", [], Folders).Environment["PATH"]);
    }

    [Fact]
    public void A_file_that_is_no_program_does_not_count()
    {
        if (OperatingSystem.IsWindows())
            return;
        Write(_first, "ruby", "");
        File.WriteAllText(Path.Combine(_first.FullName, "ruby"), "no script and no program");
        Assert.Contains("does not start", Machine.Look(RequirementTable.Rows.Single(row => row.Name == "ruby"), Folders), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_need_of_a_test_is_a_row_and_every_row_needs_rows()
    {
        var named = typeof(RequirementTests).Assembly.GetTypes().SelectMany(type => type.GetMethods()).SelectMany(Needs).Concat(RequirementTable.Rows.SelectMany(row => row.Needs));
        Assert.Subset(RequirementTable.Rows.Select(row => row.Name).ToHashSet(), named.ToHashSet());
        Assert.Distinct(RequirementTable.Rows.Select(row => row.Name));
    }

    private static IReadOnlyList<string> Needs(MethodInfo method) =>
        method.GetCustomAttribute<NeedsFactAttribute>()?.Names ?? method.GetCustomAttribute<NeedsTheoryAttribute>()?.Names ?? [];

    private static void Write(DirectoryInfo folder, string program, string script)
    {
        // Written by another process: while this one starts programs elsewhere, a file that it wrote may still count as open, and cannot be run.
        using var writing = Process.Start("/bin/sh", ["-c", "printf '#!/bin/sh\\n%s\\n' \"$2\" > \"$1\" && chmod 700 \"$1\"", "sh", Path.Combine(folder.FullName, program), script]);
        writing.WaitForExit();
        Assert.Equal(0, writing.ExitCode);
    }
}
