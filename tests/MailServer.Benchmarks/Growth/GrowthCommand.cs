using System.CommandLine;
using System.Globalization;
using MailServer.Benchmarks.Compare;

namespace MailServer.Benchmarks.Growth;

/// <summary><c>growth</c>: what a store that has become large costs, and whether its file grows while mail comes and goes.</summary>
internal static class GrowthCommand
{
    private static readonly int[] Sizes = [10, 10_000, 1_000_000];

    public static Command Create()
    {
        var largest = new Option<int>("--largest") { Description = "messages in the largest store", DefaultValueFactory = _ => Sizes[^1] };
        var directory = new Option<string>("--directory")
        {
            Description = "where the stores lie; a temporary directory in it is used and removed",
            DefaultValueFactory = _ => Path.GetTempPath(),
        };
        var command = new Command("growth", "Measure ours with stores of 10, 10,000 and 1,000,000 messages side by side (takes 2 GB of disk)")
        {
            largest, directory,
        };
        command.SetAction(async (parsed, _) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var root = Directory.CreateDirectory(
                Path.Combine(parsed.GetValue(directory)!, "growth-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            try
            {
                var program = await CompareCommand.BuildAsync();
                var sizes = Sizes.Where(size => size < parsed.GetValue(largest)).Append(parsed.GetValue(largest));
                await StoreSizes.RunAsync(program, root.CreateSubdirectory("sizes").FullName, [.. sizes], output);
                await Churn.RunAsync(program, root.CreateSubdirectory("churn").FullName, output);
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
}
