using System.Net;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Core.Routing;
using MailServer.Core.Sessions;
using MailServer.Net;
using MailServer.Settings;
using Microsoft.Extensions.Logging;

namespace MailServer;

/// <summary>Both servers with everything that they need, running: the one place that puts their parts together.</summary>
public sealed class Composition : IAsyncDisposable
{
    private readonly DisposableStack _parts;
    private readonly SmtpServer _smtp;
    private readonly Pop3Server _pop3;
    private readonly ILogger _logger;

    private Composition(DisposableStack parts, SmtpServer smtp, Pop3Server pop3, Metrics metrics, ILogger logger) =>
        (_parts, _smtp, _pop3, Metrics, _logger) = (parts, smtp, pop3, metrics, logger);

    /// <summary>Where SMTP listens, with the real ports.</summary>
    public IReadOnlyList<IPEndPoint> SmtpEndPoints => _smtp.EndPoints;

    /// <summary>Where POP3 listens, with the real ports.</summary>
    public IReadOnlyList<IPEndPoint> Pop3EndPoints => _pop3.EndPoints;

    /// <summary>What is measured, for tests.</summary>
    internal Metrics Metrics { get; }

    /// <summary>
    /// Starts both servers; clients can connect on return. Throws <see cref="StoreFault"/> or
    /// <see cref="ListenFault"/>, whose messages are one line for whoever started them.
    /// </summary>
    /// <param name="loggers">Null: the console and DIR/logs.</param>
    /// <param name="isAtTerminal">True when a person looks on, who is told at the first start what to try.</param>
    public static Task<Composition> StartAsync(ServerSettings settings, TimeProvider clock, ILoggerFactory? loggers = null, bool isAtTerminal = false) =>
        StartAsync(settings, clock, loggers, isAtTerminal, StorageFactory.OpenForServer);

    /// <inheritdoc cref="StartAsync(ServerSettings, TimeProvider, ILoggerFactory, bool)"/>
    /// <param name="openStore">Opens the store, which may tell what whoever runs the server should know.</param>
    internal static async Task<Composition> StartAsync(
        ServerSettings settings, TimeProvider clock, ILoggerFactory? loggers, bool isAtTerminal, Func<ServerSettings, Action<string>, IMailStorage> openStore)
    {
        var parts = new DisposableStack();
        try
        {
            return await BuildAsync(parts, settings, clock, loggers, isAtTerminal, openStore);
        }
        catch
        {
            await parts.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens the accounts for a command, whether or not a server is running on them.</summary>
    internal static CommandStore OpenAccounts(ServerSettings settings)
    {
        var store = StorageFactory.OpenForCommand(settings, line => Console.Error.WriteLine("mailserver: " + line));
        return new CommandStore(store, new(new BcryptPasswordHasher(settings.BcryptCost), TimeProvider.System), settings.Registration);
    }

    /// <summary>Stops the servers in order and frees everything.</summary>
    public async ValueTask DisposeAsync()
    {
        _logger.Stopping();
        await Task.WhenAll(_smtp.StopAsync(), _pop3.StopAsync());
        _logger.Stopped();
        await _parts.DisposeAsync();
    }

    private static async Task<Composition> BuildAsync(
        DisposableStack parts, ServerSettings settings, TimeProvider clock, ILoggerFactory? loggers, bool isAtTerminal, Func<ServerSettings, Action<string>, IMailStorage> openStore)
    {
        var directory = StorageFactory.DirectoryOf(settings);
        var isFirstStart = isAtTerminal && !directory.Exists;
        parts.Add(DataDirectoryLock.Acquire(directory));
        var ownLog = loggers is null ? parts.Add(Logging.Open(directory, settings.LogFormat)) : null;
        loggers ??= ownLog!;
        var logger = loggers.CreateLogger(nameof(MailServer));
        var store = parts.AddAsyncDisposable(openStore(settings, logger.StoreTold));
        var accounts = new AccountDirectory(store.Accounts, OpenPasswords(parts, settings, clock), settings.Registration);
        await accounts.EnsurePostmasterAsync(CancellationToken.None);

        var certificates = parts.Add(OpenCertificates(settings, directory, clock, logger));
        var metrics = parts.Add(new Metrics());
        metrics.ListenerFailed += logger.MeterListenerFailed;
        store.Committed += metrics.Committed;
        store.Failed += logger.StoreTroubled;
        store.OnBroken(exception => End(logger, ownLog, exception));
        var limits = ClampToOpenFiles(settings, logger);
        var shared = new ConnectionServices(limits, new TlsHandshakes(certificates, limits.TlsHandshake), metrics, clock, settings.Transcript);
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
        var smtp = parts.AddAsyncDisposable(new SmtpServer(services, shared, loggers.CreateLogger(nameof(SmtpServer))));
        var pop3 = parts.AddAsyncDisposable(new Pop3Server(services, shared, loggers.CreateLogger(nameof(Pop3Server))));
        smtp.Bind(settings.Smtp);
        pop3.Bind(settings.Pop3);

        logger.Started(settings.Hostname, Path.GetFullPath(directory.Path));
        await WarnAsync(settings, accounts, logger);
        Tell(certificates, clock, logger);
        certificates.Changed += () => Tell(certificates, clock, logger);
        Start(smtp, settings.Registration, logger);
        Start(pop3, settings.Registration, logger);
        if (isFirstStart && settings.Registration != RegistrationPolicy.Closed && smtp.PlainLocalPort is { } port)
            logger.FirstStart(port);
        return new Composition(parts, smtp, pop3, metrics, logger);
    }

    // Mail that is taken by a store in an unknown state may be lost: no service is better, and systemd starts it again. The log
    // is written by other threads, and must be out first.
    private static void End(ILogger logger, ILoggerFactory? ownLog, Exception exception)
    {
        logger.StoreBroken(exception);
        ownLog?.Dispose();
        Environment.FailFast("The writer of the mail store is broken; start the server again", exception);
    }

    private static MailLimits ClampToOpenFiles(ServerSettings settings, ILogger logger)
    {
        var wanted = settings.Limits.Connections;
        var connections = OpenFiles.Share(wanted);
        if (connections < wanted && settings.AreConnectionsChosen)
            logger.TooFewOpenFiles(connections, wanted);
        return settings.Limits with { Connections = connections };
    }

    private static TlsCertificates OpenCertificates(ServerSettings settings, DataDirectory directory, TimeProvider clock, ILogger logger) =>
        settings.TlsCertificate is { } certificate
            ? TlsCertificates.Open(certificate, settings.TlsKey ?? certificate, logger.CertificateNotReloaded)
            : TlsCertificates.OpenSelfSigned(directory, [settings.Hostname, .. settings.Domains], clock, logger.CertificateNotReloaded, logger.CertificateRenewed);

    // What is allowed, and probably not meant.
    private static async Task WarnAsync(ServerSettings settings, AccountDirectory accounts, ILogger logger)
    {
        if (settings.UnknownVariables.Count > 0)
            logger.UnknownVariables(string.Join(", ", settings.UnknownVariables));
        if (settings.CatchAll is { } catchAll && await accounts.FindAsync(catchAll, CancellationToken.None) is null)
            logger.NoCatchAll(catchAll.Text);
        foreach (var endPoint in settings.Smtp.Concat(settings.Pop3).Where(endPoint => !endPoint.IsEncrypted && endPoint.EndPoints[0].Port is 465 or 995))
            logger.TlsPortInClear(endPoint.Text, endPoint.EndPoints[0].Port);
    }

    private static void Tell(TlsCertificates certificates, TimeProvider clock, ILogger logger)
    {
        if (certificates.OutOfTime(clock.GetUtcNow()) is { } reason)
            logger.CertificateOutOfTime(reason);
        logger.Certificate(Path.GetFullPath(certificates.CertificateFile), certificates.Fingerprint);
    }

    private static void Start(ServerBase server, RegistrationPolicy registration, ILogger logger)
    {
        server.Start();
        if (registration == RegistrationPolicy.Closed)
            return;
        foreach (var endPoint in server.EndPoints.Where(endPoint => !IPAddress.IsLoopback(endPoint.Address)))
            logger.OpenToOthers(endPoint, SettingParsers.Word(registration));
    }

    // Half of the processors at most, and those only while nobody else wants them: whoever guesses passwords must not
    // slow down whoever delivers mail.
    private static PasswordVerifier OpenPasswords(DisposableStack parts, ServerSettings settings, TimeProvider clock)
    {
        var parallelism = Math.Max(1, Environment.ProcessorCount / 2);
        var threads = parts.Add(new LowPriorityThreads(parallelism, "password hashing"));
        return parts.Add(new PasswordVerifier(new BcryptPasswordHasher(settings.BcryptCost), clock, parallelism, threads));
    }
}
