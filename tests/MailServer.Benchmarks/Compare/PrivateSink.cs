using System.Globalization;
using System.Net;
using MailServer.Benchmarks.Load;

namespace MailServer.Benchmarks.Compare;

/// <summary>A <see cref="SinkServer"/> in a process of its own, so that it shares the machine as the others do.</summary>
internal sealed class PrivateSink : PrivateServer
{
    private PrivateSink()
    {
    }

    public override string Name => "nothing stored";

    public IPEndPoint Smtp { get; private set; } = null!;

    public IPEndPoint Pop3 { get; private set; } = null!;

    /// <summary>Starts it with maildrops of so many messages of this size.</summary>
    public static async Task<PrivateSink> StartAsync(int messages, int size)
    {
        var process = CommandRun.Start("dotnet", [Environment.GetCommandLineArgs()[0], "load", "sink", "--messages", Text(messages), "--size", Text(size)]);
        var sink = new PrivateSink { Process = process };
        var words = (await process.StandardOutput.ReadLineAsync() ?? throw new CompareFault("the sink does not run"))
            .Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        sink.Smtp = IPEndPoint.Parse(words[3]);
        sink.Pop3 = IPEndPoint.Parse(words[5]);
        return sink;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
