using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace MailServer.Benchmarks.Micro;

/// <summary><c>bench</c>: times the pure parts and counts what they allocate.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var quick = new Option<bool>("--quick") { Description = "fewer iterations: allocations are exact, times are not" };
        var filter = new Option<string>("--filter") { Description = "which benchmarks, such as *Dialogues*", DefaultValueFactory = _ => "*" };
        var command = new Command("bench", "Time the pure parts, with their allocations") { quick, filter };
        command.SetAction(parsed =>
        {
            // In this process: a generated project would be built under the rules of this repository and fail by them.
            var job = (parsed.GetValue(quick) ? Job.ShortRun : Job.Default).WithToolchain(InProcessEmitToolchain.Instance);
            var config = ManualConfig.Create(DefaultConfig.Instance)
                .AddJob(job)
                .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "mailserver-bench"));
            BenchmarkSwitcher.FromAssembly(typeof(BenchCommand).Assembly).Run(["--filter", parsed.GetValue(filter)!], config);
        });
        return command;
    }
}
