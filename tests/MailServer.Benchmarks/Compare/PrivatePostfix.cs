using System.Net;

namespace MailServer.Benchmarks.Compare;

/// <summary>
/// A Postfix that takes mail for the accounts of the comparison and delivers it into Maildirs with virtual(8). Durable as
/// shipped; tuned in that nothing is delayed or limited that would be measured.
/// </summary>
internal sealed class PrivatePostfix : PrivateServer
{
    private readonly string _config;
    private readonly string _queue;
    private string _version = "";

    private PrivatePostfix(string root) => (_config, _queue) = (Path.Combine(root, "etc"), Path.Combine(root, "queue"));

    public override string Name => $"Postfix {_version}";

    public IPEndPoint EndPoint { get; } = FreeEndPoint();

    /// <summary>Starts it. Throws <see cref="CompareFault"/>.</summary>
    /// <param name="root">An empty directory that everybody may enter.</param>
    /// <param name="mail">Where the Maildirs are.</param>
    /// <param name="uid">Whose they are.</param>
    public static async Task<PrivatePostfix> StartAsync(string root, string mail, int uid, int gid, IEnumerable<string> accounts)
    {
        if (Environment.UserName != "root")
            throw new CompareFault("Postfix starts for root only");
        var postfix = new PrivatePostfix(root);
        try
        {
            postfix._version = await CommandRun.OutputAsync("postconf", "-d", "-h", "mail_version");
            Directory.CreateDirectory(postfix._config);
            Directory.CreateDirectory(postfix._queue);
            var state = Path.Combine(root, "state");
            Directory.CreateDirectory(state);
            await CommandRun.OutputAsync("chown", "postfix", state);
            await File.WriteAllTextAsync(Path.Combine(postfix._config, "main.cf"), MainFile(postfix._config, postfix._queue, state, mail, uid, gid));
            await File.WriteAllTextAsync(Path.Combine(postfix._config, "master.cf"), MasterFile(postfix.EndPoint));
            var mailboxes = string.Concat(accounts.Select(name => $"{name}@localhost {name}/\n"));
            await File.WriteAllTextAsync(Path.Combine(postfix._config, "mailboxes"), mailboxes);
            await postfix.StartAsync("postfix", ["-c", postfix._config, "start-fg"], postfix.EndPoint);
            return postfix;
        }
        catch
        {
            await postfix.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until everything that was accepted is delivered, so that the next load meets an idle server.</summary>
    public async Task SettleAsync()
    {
        while (new[] { "maildrop", "incoming", "active" }.Any(HoldsFiles))
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        if (HoldsFiles("deferred"))
            throw new CompareFault("Postfix could not deliver what it accepted");
    }

    // Its master is a session of its own; this stops the instance of this directory and no other.
    protected override Task StopAsync() => CommandRun.TryOutputAsync("postfix", "-c", _config, "stop");

    // A queue directory may have subdirectories by hash.
    private bool HoldsFiles(string queue) =>
        Directory.Exists(Path.Combine(_queue, queue))
        && Directory.EnumerateFiles(Path.Combine(_queue, queue), "*", new EnumerationOptions { RecurseSubdirectories = true }).Any();

    private static string MainFile(string config, string queue, string state, string mail, int uid, int gid) => $"""
        compatibility_level = 3.6
        queue_directory = {queue}
        data_directory = {state}
        command_directory = /usr/sbin
        daemon_directory = /usr/lib/postfix/sbin
        mail_owner = postfix
        setgid_group = postdrop
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        myhostname = compare.example.org
        mydestination =
        mynetworks = 127.0.0.0/8
        alias_maps =
        alias_database =
        local_recipient_maps =
        virtual_mailbox_domains = localhost
        virtual_mailbox_maps = texthash:{config}/mailboxes
        virtual_mailbox_base = {mail}
        virtual_uid_maps = static:{uid}
        virtual_gid_maps = static:{gid}
        virtual_transport = virtual
        in_flow_delay = 0
        default_process_limit = 200
        smtpd_client_connection_count_limit = 0
        smtpd_client_connection_rate_limit = 0
        smtpd_peername_lookup = no
        message_size_limit = 67108864
        virtual_mailbox_limit = 0
        mailbox_size_limit = 0

        """;

    private static string MasterFile(IPEndPoint endPoint) => $"""
        {endPoint} inet n - n - - smtpd
        pickup unix n - n 60 1 pickup
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        verify unix - - n - 1 verify
        flush unix n - n 1000? 0 flush
        proxymap unix - - n - - proxymap
        proxywrite unix - - n - 1 proxymap
        showq unix n - n - - showq
        error unix - - n - - error
        retry unix - - n - - error
        discard unix - - n - - discard
        virtual unix - n n - - virtual
        anvil unix - - n - 1 anvil

        """;
}
