using System.Diagnostics;

namespace MailServer.Interop.Tests;

/// <summary>A Postfix of our own, with its queue and its settings in a folder, which sends everything to one server.</summary>
internal sealed class PostfixInstance : IAsyncDisposable
{
    private const string Daemons = "/usr/lib/postfix/sbin";

    private readonly DirectoryInfo _folder;
    private readonly Process _master;
    private readonly Task<string> _errors;
    private readonly List<string> _log = [];

    private PostfixInstance(DirectoryInfo folder, Process master)
    {
        (_folder, _master) = (folder, master);
        _errors = master.StandardError.ReadToEndAsync();
    }

    /// <summary>The folder of its settings, for the commands that take -C or -c.</summary>
    public string Settings => SettingsOf(_folder);

    /// <summary>What it has logged so far.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>Starts one whose queue manager is ready on return.</summary>
    /// <param name="settings">More lines for its main.cf.</param>
    public static async Task<PostfixInstance> StartAsync(int relayPort, params string[] settings)
    {
        // Postfix works as several users, all of whom have to come through.
        var folder = Directory.CreateTempSubdirectory("mailserver-postfix-");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
        var (queue, data) = (folder.CreateSubdirectory("queue").FullName, folder.CreateSubdirectory("data").FullName);
        Directory.CreateDirectory(SettingsOf(folder));
        await RunAsync("chown", "postfix", data);
        string[] main =
        [
            "compatibility_level = 3.6", $"queue_directory = {queue}", $"data_directory = {data}", $"daemon_directory = {Daemons}",
            "command_directory = /usr/sbin", "mail_owner = postfix", "setgid_group = postdrop", "myhostname = relay.test", "mydestination =",
            "inet_interfaces = loopback-only", "inet_protocols = ipv4", "alias_maps =", "alias_database =", "local_recipient_maps =",
            $"relayhost = [{RunningServer.Address}]:{relayPort}", "maillog_file = /dev/stdout", "shlib_directory = /usr/lib/postfix",
            "import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ LANG=C", "syslog_name = postfix", .. settings,
        ];
        await File.WriteAllLinesAsync(Path.Combine(SettingsOf(folder), "main.cf"), main);
        await File.WriteAllTextAsync(Path.Combine(SettingsOf(folder), "master.cf"), """
            pickup    unix  n - n 60   1 pickup
            cleanup   unix  n - n -    0 cleanup
            qmgr      unix  n - n 300  1 qmgr
            rewrite   unix  - - n -    - trivial-rewrite
            bounce    unix  - - n -    0 bounce
            defer     unix  - - n -    0 bounce
            trace     unix  - - n -    0 bounce
            flush     unix  n - n 1000 0 flush
            proxymap  unix  - - n -    - proxymap
            smtp      unix  - - n -    - smtp
            relay     unix  - - n -    - smtp
            showq     unix  n - n -    - showq
            error     unix  - - n -    - error
            retry     unix  - - n -    - error
            scache    unix  - - n -    1 scache
            tlsmgr    unix  - - n 1000 1 tlsmgr
            postlog   unix-dgram n - n - 1 postlogd

            """);

        var start = ClientProcess.Prepare("postfix", ["-c", SettingsOf(folder), "start-fg"], folder.FullName);
        var postfix = new PostfixInstance(folder, Process.Start(start)!);
        try
        {
            await postfix.ReadLogAsync("daemon started", 1);
            return postfix;
        }
        catch
        {
            await postfix.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads the log until so many of its lines hold these words.</summary>
    public async Task ReadLogAsync(string words, int count)
    {
        for (var found = 0; found < count;)
        {
            if (await _master.StandardOutput.ReadLineAsync().WaitAsync(HangGuard.Limit) is not { } line)
                throw new InvalidOperationException($"Postfix ended.\n{Log}\n{await _errors}");
            _log.Add(line);
            if (line.Contains(words, StringComparison.Ordinal))
                found++;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // It knows its own master by the pid file in its own queue.
            if (!_master.HasExited)
                await RunAsync("postfix", "-c", Settings, "stop");
            await _master.StandardOutput.ReadToEndAsync().WaitAsync(HangGuard.Limit);
            await _master.WaitForExitAsync().WaitAsync(HangGuard.Limit);
        }
        finally
        {
            if (!_master.HasExited)
                _master.Kill(entireProcessTree: true);
            _master.Dispose();
            _folder.Delete(recursive: true);
        }
    }

    private static string SettingsOf(DirectoryInfo folder) => Path.Combine(folder.FullName, "etc");

    private static async Task RunAsync(string program, params string[] arguments) =>
        (await ClientProcess.RunAsync(ClientProcess.Prepare(program, arguments, Path.GetTempPath()), [], () => "")).MustSucceed();
}
