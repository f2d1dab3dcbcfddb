using System.Net;
using MailServer.Core.Accounts;
using MailServer.Core.Routing;
using MailServer.Core.Sessions;
using MailServer.Net;
using MailServer.Settings;
using MailServer.Storage.Sqlite;
using Microsoft.Extensions.Logging;

namespace MailServer;

/// <summary>Both servers with everything that they need, running: the one place that puts their parts together.</summary>
public sealed class Composition : IAsyncDisposable
{
    // In the order in which they were made; freed in the opposite order.
    private readonly Stack<object> _parts = new();
    private readonly List<ServerBase> _servers = [];
    private ILogger? _logger;

    /// <summary>What is measured, for tests.</summary>
    internal Metrics? Metrics { get; private set; }

    private Composition()
    {
    }

    /// <summary>Where SMTP listens, with the real ports.</summary>
    public IReadOnlyList<IPEndPoint> SmtpEndPoints => _servers[0].EndPoints;

    /// <summary>Where POP3 listens, with the real ports.</summary>
    public IReadOnlyList<IPEndPoint> Pop3EndPoints => _servers[1].EndPoints;

    /// <summary>
    /// Starts both servers; clients can connect on return. Throws <see cref="Core.Mail.StoreFault"/> or
    /// <see cref="ListenFault"/>, whose messages are one line for whoever started them.
    /// </summary>
    /// <param name="loggers">Null: the console and DIR/logs.</param>
    /// <param name="isAtTerminal">True when a person looks on, who is told at the first start what to try.</param>
    public static async Task<Composition> StartAsync(ServerSettings settings, TimeProvider clock, ILoggerFactory? loggers = null, bool isAtTerminal = false)
    {
        var composition = new Composition();
        try
        {
            await composition.BuildAsync(settings, clock, loggers, isAtTerminal);
            return composition;
        }
        catch
        {
            await composition.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens the accounts for a command, whether or not a server is running on them.</summary>
    internal static AccountTools OpenAccounts(ServerSettings settings)
    {
        var store = SqliteStore.Open(settings.DataDirectory, onMigration: line => Console.Error.WriteLine("mailserver: " + line));
        return new AccountTools(store, new(new BcryptPasswordHasher(settings.BcryptCost), TimeProvider.System), settings.Registration);
    }

    /// <summary>Stops the servers in order and frees everything.</summary>
    public async ValueTask DisposeAsync()
    {
        _logger?.Stopping();
        await Task.WhenAll(_servers.Select(server => server.DisposeAsync().AsTask()));
        _logger?.Stopped();
        while (_parts.TryPop(out var part))
        {
            if (part is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
            else
                ((IDisposable)part).Dispose();
        }
    }

    private async Task BuildAsync(ServerSettings settings, TimeProvider clock, ILoggerFactory? loggers, bool isAtTerminal)
    {
        var isFirstStart = isAtTerminal && !Directory.Exists(settings.DataDirectory);
        Own(DataDirectoryLock.Acquire(settings.DataDirectory));
        loggers ??= Own(Logging.Open(settings.DataDirectory));
        var logger = loggers.CreateLogger(nameof(MailServer));
        var store = Own(SqliteStore.Open(settings.DataDirectory, sweep: true, logger.StoreMigrated));
        var accounts = new AccountDirectory(store.Accounts, OpenPasswords(settings, clock), settings.Registration);
        await accounts.EnsurePostmasterAsync(CancellationToken.None);

        var certificates = Own(OpenCertificates(settings, clock, logger));
        var metrics = Metrics = Own(new Metrics());
        store.Committed += metrics.Committed;
        store.Failed += logger.StoreTroubled;
        store.OnBroken(exception => End(logger, exception));
        var limits = Affordable(settings, logger);
        var shared = new SharedParts(limits, new TlsHandshakes(certificates, limits.TlsHandshake), metrics, clock, settings.Transcript);
        var identity = new ServerIdentity(settings.Hostname, settings.ServedDomains, settings.MachineName);
        var services = new SessionServices
        {
            Identity = identity,
            Limits = limits,
            Accounts = accounts,
            Throttle = new(clock, limits.FailedLoginsPerAddress),
            Mail = store.Mail,
            Clock = clock,
            BareLineFeed = settings.BareLineFeed,
            Pop3Listing = settings.Pop3Listing,
            AuthWithoutTls = settings.AuthWithoutTls,
            Router = new LocalRouter(identity, accounts, settings.CatchAll),
            StartTls = settings.StartTls,
            IsCertificateOurs = settings.TlsCertificate is null && certificates.IsSelfSigned,
        };
        _servers.Add(new SmtpServer(services, shared, loggers.CreateLogger(nameof(SmtpServer))));
        _servers.Add(new Pop3Server(services, shared, loggers.CreateLogger(nameof(Pop3Server))));
        _servers[0].Bind(settings.Smtp);
        _servers[1].Bind(settings.Pop3);

        logger.Started(settings.Hostname, Path.GetFullPath(settings.DataDirectory));
        if (settings.UnknownVariables.Count > 0)
            logger.UnknownVariables(string.Join(", ", settings.UnknownVariables));
        Tell(certificates, clock, logger);
        certificates.Changed += () => Tell(certificates, clock, logger);
        if (settings.CatchAll is { } catchAll && await accounts.FindAsync(catchAll, CancellationToken.None) is null)
            logger.NoCatchAll(catchAll.Text);
        foreach (var endPoint in settings.Smtp.Concat(settings.Pop3).Where(endPoint => !endPoint.IsEncrypted && endPoint.EndPoints[0].Port is 465 or 995))
            logger.TlsPortInClear(endPoint.Text, endPoint.EndPoints[0].Port);
        _logger = logger;
        foreach (var server in _servers)
        {
            server.Start();
            if (settings.Registration != RegistrationPolicy.Closed)
                WarnOfStrangers(logger, server, settings.Registration);
        }

        if (isFirstStart && settings.Registration != RegistrationPolicy.Closed && _servers[0].PlainLocalPort is { } port)
            logger.FirstStart(port);
    }

    // Mail that is taken by a store in an unknown state may be lost: no service is better, and systemd starts it again. The log
    // is written by other threads, and must be out first.
    private void End(ILogger logger, Exception exception)
    {
        logger.StoreBroken(exception);
        foreach (var loggers in _parts.OfType<ILoggerFactory>())
            loggers.Dispose();
        Environment.FailFast("The writer of the mail store is broken; start the server again", exception);
    }

    private static MailLimits Affordable(ServerSettings settings, ILogger logger)
    {
        var wanted = settings.Limits.Connections;
        var connections = OpenFiles.Share(wanted);
        if (connections < wanted && settings.AreConnectionsChosen)
            logger.TooFewOpenFiles(connections, wanted);
        return settings.Limits with { Connections = connections };
    }

    private static TlsCertificates OpenCertificates(ServerSettings settings, TimeProvider clock, ILogger logger)
    {
        if (settings.TlsCertificate is { } certificate)
            return TlsCertificates.Open(certificate, settings.TlsKey ?? certificate, logger.CertificateNotReloaded);
        return TlsCertificates.OpenSelfSigned(
            Path.Combine(settings.DataDirectory, "tls"), [settings.Hostname, .. settings.Domains], clock, logger.CertificateNotReloaded, logger.CertificateRenewed);
    }

    private static void Tell(TlsCertificates certificates, TimeProvider clock, ILogger logger)
    {
        if (certificates.OutOfTime(clock.GetUtcNow()) is { } reason)
            logger.CertificateOutOfTime(reason);
        logger.Certificate(Path.GetFullPath(certificates.CertificateFile), certificates.Fingerprint);
    }

    private static void WarnOfStrangers(ILogger logger, ServerBase server, RegistrationPolicy registration)
    {
        foreach (var endPoint in server.EndPoints.Where(endPoint => !IPAddress.IsLoopback(endPoint.Address)))
            logger.OpenToOthers(endPoint, SettingParsers.Word(registration));
    }

    // Half of the processors at most, and those only while nobody else wants them: whoever guesses passwords must not
    // slow down whoever delivers mail.
    private PasswordVerifier OpenPasswords(ServerSettings settings, TimeProvider clock)
    {
        var parallelism = Math.Max(1, Environment.ProcessorCount / 2);
        var threads = Own(new LowPriorityThreads(parallelism, "password hashing"));
        return Own(new PasswordVerifier(new BcryptPasswordHasher(settings.BcryptCost), clock, parallelism, threads));
    }

    private T Own<T>(T part)
        where T : class
    {
        _parts.Push(part);
        return part;
    }
}
