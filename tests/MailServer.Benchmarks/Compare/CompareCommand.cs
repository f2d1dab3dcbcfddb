using System.CommandLine;
using System.Globalization;

namespace MailServer.Benchmarks.Compare;

/// <summary><c>compare</c>: ours beside Postfix and Dovecot, on this machine, in one run.</summary>
internal static class CompareCommand
{
    private const double QuickScale = 0.25;

    public static Command Create()
    {
        var quick = new Option<bool>("--quick") { Description = "a quarter of the load" };
        var repetitions = new Option<int>("--repetitions") { Description = "runs of each row; the median counts", DefaultValueFactory = _ => 3 };
        var directory = new Option<string>("--directory")
        {
            Description = "where all servers put their mail; a temporary directory in it is used and removed",
            DefaultValueFactory = _ => Path.GetTempPath(),
        };
        var isDry = new Option<bool>("--no-write") { Description = "print the table and leave docs/performance.md as it is" };
        var command = new Command("compare", "Measure ours beside Postfix and Dovecot (Debian: postfix dovecot-core dovecot-pop3d; as root)")
        {
            quick, repetitions, directory, isDry,
        };
        command.SetAction(async (parsed, _) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var root = Directory.CreateDirectory(
                Path.Combine(parsed.GetValue(directory)!, "compare-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            try
            {
                var count = Math.Max(1, parsed.GetValue(repetitions));
                var comparison = new Comparison(count, parsed.GetValue(quick) ? QuickScale : 1, output.WriteLine);
                var table = await RunAsync(comparison, count, root.FullName);
                await output.WriteLineAsync("\n" + table);
                if (!parsed.GetValue(isDry))
                    await ComparisonTable.WriteAsync(Path.Combine(Repository(), "docs", "performance.md"), table);
                return 0;
            }
            catch (CompareFault fault)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(fault.Message);
                return 1;
            }
            finally
            {
                root.Delete(recursive: true);
            }
        });
        return command;
    }

    private static async Task<string> RunAsync(Comparison comparison, int repetitions, string root)
    {
        var program = await BuildAsync();
        var (result, missing) = await RunLoadsAsync(comparison, program, Make(root, "loads"));
        await using var servers = await Servers.StartAsync(program, Make(root, "idle"));
        var idle = await comparison.RunIdleAsync(servers.Targets);
        return ComparisonTable.Format(result, idle, repetitions, missing);
    }

    private static async Task<(ComparisonResult Result, string? Missing)> RunLoadsAsync(Comparison comparison, string program, string root)
    {
        await using var sink = await PrivateSink.StartAsync(Matrix.SmallMessages, Matrix.SmallSize);
        await using var largeSink = await PrivateSink.StartAsync(Matrix.LargeMessages, Matrix.LargeSize);
        await using var servers = await Servers.StartAsync(program, root);
        return (await comparison.RunAsync(servers.Targets, Target.Of(sink), Target.Of(largeSink)), servers.Missing);
    }

    private static string Make(string root, string name) => Directory.CreateDirectory(Path.Combine(root, name)).FullName;

    /// <summary>Builds our server as it is shipped and returns its mailserver.dll. Throws <see cref="CompareFault"/>.</summary>
    internal static async Task<string> BuildAsync()
    {
        await CommandRun.OutputAsync("dotnet", "build", "-c", "Release", Path.Combine(Repository(), "src", "MailServer"));
        return Path.Combine(Repository(), "src", "MailServer", "bin", "Release", "net10.0", "mailserver.dll");
    }

    /// <summary>The clone that this program lies in. Throws <see cref="CompareFault"/>.</summary>
    private static string Repository()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "MailServer.slnx")))
                return directory.FullName;
        }

        throw new CompareFault("this program must lie in a clone of the repository");
    }
}
