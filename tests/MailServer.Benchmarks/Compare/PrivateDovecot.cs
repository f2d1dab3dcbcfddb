using System.Net;

namespace MailServer.Benchmarks.Compare;

/// <summary>
/// A Dovecot that hands out the Maildirs that <see cref="PrivatePostfix"/> fills: passwords by bcrypt with the auth cache,
/// and login processes that serve many clients each ("high-performance mode").
/// </summary>
internal sealed class PrivateDovecot : PrivateServer
{
    private string _version = "";

    private PrivateDovecot()
    {
    }

    public override string Name => $"Dovecot {_version}";

    public IPEndPoint EndPoint { get; } = FreeEndPoint();

    /// <summary>Starts it. Throws <see cref="CompareFault"/>.</summary>
    public static async Task<PrivateDovecot> StartAsync(string root, string mail, int uid, int gid, IEnumerable<string> accounts, string password)
    {
        if (Environment.UserName != "root")
            throw new CompareFault("Dovecot starts for root only");
        var dovecot = new PrivateDovecot();
        try
        {
            dovecot._version = (await CommandRun.OutputAsync("dovecot", "--version")).Split(' ')[0];
            var hash = await CommandRun.OutputAsync(
                "doveadm", "-c", "/dev/null", "pw", "-s", "BLF-CRYPT", "-r", Comparison.BcryptCost, "-p", password);
            await File.WriteAllLinesAsync(Path.Combine(root, "passwd"), accounts.Select(name => $"{name}:{hash}"));
            var config = Path.Combine(root, "dovecot.conf");
            await File.WriteAllTextAsync(config, Config(root, mail, uid, gid, dovecot.EndPoint));
            await dovecot.StartAsync("dovecot", ["-c", config, "-F"], dovecot.EndPoint);
            return dovecot;
        }
        catch
        {
            await dovecot.DisposeAsync();
            throw;
        }
    }

    private static string Config(string root, string mail, int uid, int gid, IPEndPoint endPoint) => $$"""
        base_dir = {{root}}/run
        state_dir = {{root}}/state
        log_path = {{root}}/dovecot.log
        protocols = pop3
        listen = {{endPoint.Address}}
        ssl = no
        disable_plaintext_auth = no
        mail_location = maildir:{{mail}}/%n
        first_valid_uid = 1
        auth_mechanisms = plain
        auth_cache_size = 10M
        auth_cache_ttl = 1 hour
        default_process_limit = 1000
        default_client_limit = 10000
        passdb {
          driver = passwd-file
          args = {{root}}/passwd
        }
        userdb {
          driver = static
          args = uid={{uid}} gid={{gid}} home={{mail}}/%n
        }
        service pop3-login {
          inet_listener pop3 {
            port = {{endPoint.Port}}
          }
          inet_listener pop3s {
            port = 0
          }
          service_count = 0
          process_min_avail = 2
          client_limit = 1000
        }
        service pop3 {
          service_count = 256
          process_min_avail = 2
        }

        """;
}
