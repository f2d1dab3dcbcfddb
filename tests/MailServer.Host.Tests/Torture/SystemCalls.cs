using System.Diagnostics;
using System.Globalization;

namespace MailServer.Host.Tests.Torture;

/// <summary>What a running server asks of the system, as <c>strace</c> writes it down.</summary>
internal sealed class SystemCalls : IDisposable
{
    private readonly Process _strace;
    private readonly string _file = Path.GetTempFileName();

    private SystemCalls(int process) => _strace = Process.Start(Programs.Prepare(
        "strace",
        ["-f", "-y", "-s", "120", "-e", "trace=write,pwrite64,fdatasync,fsync,sendto,sendmsg", "-o", _file, "-p", process.ToString(CultureInfo.InvariantCulture)]))!;

    /// <summary>Begins to write down.</summary>
    public static async Task<SystemCalls> TraceAsync(TortureServer server)
    {
        var calls = new SystemCalls(server.Id);
        Assert.Contains("attached", await calls._strace.StandardError.ReadLineAsync(), StringComparison.Ordinal);
        return calls;
    }

    /// <summary>
    /// The calls in the order in which they ended, once the server has ended: <c>write</c> and <c>sync</c> of the store's
    /// write-ahead log, and the text of what was sent.
    /// </summary>
    public async Task<List<string>> EndAsync()
    {
        await _strace.WaitForExitAsync().WaitAsync(HangGuard.Limit);
        var begun = new Dictionary<string, string>(StringComparer.Ordinal);
        var calls = new List<string>();
        foreach (var line in await File.ReadAllLinesAsync(_file))
        {
            // A call that another thread's interrupts is written in two parts; what is sent counts from its first.
            var (thread, call) = (line.Split(' ')[0], line[line.IndexOf(' ', StringComparison.Ordinal)..].Trim());
            if (call.StartsWith("send", StringComparison.Ordinal))
                calls.Add(call);
            else if (call.EndsWith("<unfinished ...>", StringComparison.Ordinal))
                begun[thread] = call;
            else if (call.StartsWith("<... ", StringComparison.Ordinal))
                Add(begun.GetValueOrDefault(thread, ""), call);
            else
                Add(call, call);
        }

        return calls;

        void Add(string call, string end)
        {
            if (!call.Contains("mail.db-wal>", StringComparison.Ordinal))
                return;
            if (call.StartsWith("write", StringComparison.Ordinal) || call.StartsWith("pwrite64", StringComparison.Ordinal))
                calls.Add("write");
            else if (end.EndsWith("= 0", StringComparison.Ordinal))
                calls.Add("sync");
        }
    }

    public void Dispose()
    {
        ProgramProcess.End(_strace);
        _strace.Dispose();
        File.Delete(_file);
    }
}
