using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailServer.Files;

namespace MailServer.Net;

/// <summary>A certificate cannot be used; the message is one line for whoever started the server.</summary>
/// <param name="problem">What is the matter.</param>
/// <param name="remedy">What to do about it.</param>
public sealed class CertificateFault(string problem, string remedy, Exception? cause = null) : Exception($"{problem}; {remedy}", cause)
{
    public string Problem => problem;

    public string Remedy => remedy;
}

/// <summary>
/// The server's certificate: from PEM files, which are read again when they change, or a self-signed one made at the
/// first start. One of these serves every connection of both daemons.
/// </summary>
public sealed class TlsCertificates : IDisposable
{
    private static readonly TimeSpan SelfSignedLife = TimeSpan.FromDays(3652);

    // No clock that is right says less: a machine without a battery begins in 1970.
    private static readonly DateTimeOffset Released = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const string BelongTogether = "give PEM files that belong together";

    private readonly Lock _lock = new();
    private readonly string _certificateFile;
    private readonly string _keyFile;
    private readonly Action<string> _onReloadFailed;
    private byte[] _contents;
    private SslServerAuthenticationOptions _options;

    private TlsCertificates(string certificateFile, string keyFile, Action<string> onReloadFailed)
    {
        (_certificateFile, _keyFile, _onReloadFailed) = (certificateFile, keyFile, onReloadFailed);
        _contents = Contents();
        (_options, Certificate) = Load();
    }

    /// <summary>Tells, within a handshake, that another certificate is in use from now on.</summary>
    public event Action? Changed;

    /// <summary>The certificate in use.</summary>
    public X509Certificate2 Certificate { get; private set; }

    /// <summary>True when nobody but the certificate itself vouches for it.</summary>
    public bool IsSelfSigned => Certificate.SubjectName.RawData.AsSpan().SequenceEqual(Certificate.IssuerName.RawData);

    /// <summary>The file that a client can be told to trust.</summary>
    public string CertificateFile => _certificateFile;

    /// <summary>The certificate's SHA-256 fingerprint, in hexadecimal octets with colons, as clients show it.</summary>
    public string Fingerprint => string.Join(':', SHA256.HashData(Certificate.RawData).Select(octet => octet.ToString("X2", CultureInfo.InvariantCulture)));

    /// <summary>What a handshake needs now. A changed file counts from the next handshake on; a bad one is reported and the old one stays.</summary>
    public SslServerAuthenticationOptions Options
    {
        get
        {
            var contents = Contents();
            lock (_lock)
            {
                if (!contents.AsSpan().SequenceEqual(_contents))
                    Reload(contents);
                return _options;
            }
        }
    }

    /// <summary>Uses PEM files. Throws <see cref="CertificateFault"/>.</summary>
    /// <param name="onReloadFailed">Told in one line why changed files are not used.</param>
    public static TlsCertificates Open(string certificateFile, string keyFile, Action<string> onReloadFailed) =>
        new(certificateFile, keyFile, onReloadFailed);

    /// <summary>
    /// Uses the self-signed certificate of a data directory, which is made if there is none, and made anew if it is ours and its time is
    /// not now. Throws <see cref="CertificateFault"/>.
    /// </summary>
    /// <param name="names">The names that it is for, besides localhost and the loopback addresses; the first is its subject.</param>
    /// <param name="onRenewed">Told in one line why it was made anew.</param>
    internal static TlsCertificates OpenSelfSigned(
        DataDirectory directory, IReadOnlyList<string> names, TimeProvider clock, Action<string> onReloadFailed, Action<string> onRenewed)
    {
        var (certificateFile, keyFile) = (directory.CertificateFile, directory.KeyFile);
        var now = clock.GetUtcNow();
        if (!File.Exists(certificateFile) || !File.Exists(keyFile))
            MakeSelfSigned(directory, names, now);
        var certificates = new TlsCertificates(certificateFile, keyFile, onReloadFailed);
        if (now < Released || certificates.OutOfTime(now) is not { } reason || !certificates.IsOurOwn)
            return certificates;

        certificates.Dispose();
        MakeSelfSigned(directory, names, now);
        onRenewed(reason);
        return new(certificateFile, keyFile, onReloadFailed);
    }

    /// <summary>Why the certificate does not count at this time, and what to do, in one line; null when it does.</summary>
    public string? OutOfTime(DateTimeOffset now)
    {
        var (from, until) = (Certificate.NotBefore.ToUniversalTime(), Certificate.NotAfter.ToUniversalTime());
        return now.UtcDateTime < from ? $"the certificate {_certificateFile} is not yet valid, only from {Day(from)}: look whether the clock is right"
            : now.UtcDateTime > until ? $"the certificate {_certificateFile} has expired on {Day(until)}: put a new one in its place"
            : null;
    }

    // Nobody but us signs a certificate for exactly this machine by itself.
    private bool IsOurOwn => Certificate.Subject == Certificate.Issuer
        && Certificate.MatchesHostname("localhost", allowWildcards: false, allowCommonName: false)
        && Certificate.MatchesHostname("127.0.0.1", allowWildcards: false, allowCommonName: false)
        && Certificate.MatchesHostname("::1", allowWildcards: false, allowCommonName: false);

    public void Dispose() => Certificate.Dispose();

    private static string Day(DateTime time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static void MakeSelfSigned(DataDirectory directory, IReadOnlyList<string> names, DateTimeOffset now)
    {
        if (now > DateTimeOffset.MaxValue - SelfSignedLife)
            throw new CertificateFault($"the clock is wrong: it says {Day(now.UtcDateTime)}", "set it and start again");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={names[0]}"), key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names.Append("localhost").Distinct(StringComparer.OrdinalIgnoreCase))
            alternatives.AddDnsName(name);
        alternatives.AddIpAddress(IPAddress.Loopback);
        alternatives.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));

        // A day back, for clients whose clocks are behind. A clock that is wrong for certain will be right one day.
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), (now < Released ? Released : now) + SelfSignedLife);
        PrivateFiles.CreateGivenFolder(directory.Tls);

        // A kill in between leaves no pair that does not belong together.
        File.Delete(directory.CertificateFile);
        WriteOwnerOnly(directory.KeyFile, key.ExportPkcs8PrivateKeyPem());
        WriteOwnerOnly(directory.CertificateFile, certificate.ExportCertificatePem());
    }

    private static void WriteOwnerOnly(string path, string text)
    {
        using var writer = new StreamWriter(PrivateFiles.OpenGiven(path, FileMode.Create, FileShare.None));
        writer.WriteLine(text);
    }

    private void Reload(byte[] contents)
    {
        _contents = contents;
        try
        {
            // The old certificate is left to the collector: handshakes may be using it.
            (_options, Certificate) = Load();
            Changed?.Invoke();
        }
        catch (CertificateFault fault)
        {
            _onReloadFailed(fault.Message);
        }
    }

    private (SslServerAuthenticationOptions Options, X509Certificate2 Certificate) Load()
    {
        HaveHome();
        try
        {
            FileOddity.ThrowIfPipe(_certificateFile);
            FileOddity.ThrowIfPipe(_keyFile);
            using var fromPem = X509Certificate2.CreateFromPemFile(_certificateFile, _keyFile);
            // Windows cannot use a key that exists in memory alone.
            var certificate = X509CertificateLoader.LoadPkcs12(fromPem.Export(X509ContentType.Pkcs12), null);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(_certificateFile);
            var options = new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,

                // outlook.com ends a STARTTLS in which session tickets are issued. This keeps them out of TLS 1.2. In TLS 1.3
                // OpenSSL issues them all the same, though no session can be resumed, and .NET has no way to stop it.
                AllowTlsResume = false,
                AllowRenegotiation = false,
            };
            if (TrialHandshake.Failure(options) is not { } refusal)
                return (options, certificate);
            certificate.Dispose();
            throw Unusable(
                $"TLS refuses it ({refusal})", "use one with an RSA key of 2048 bits or more, or an ECDSA key on P-256 or P-384, that is signed with SHA-256");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException && Oddity() is not null)
        {
            throw Unusable(Oddity()!, BelongTogether);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new CertificateFault(
                $"may not read the certificate {_certificateFile} or the key {_keyFile}: {exception.Message.TrimEnd('.')}", "let the user that the server runs as own them (chown)", exception);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException && IsKeyEncrypted())
        {
            throw new CertificateFault(
                $"the key {_keyFile} is encrypted, and nobody is there to decrypt it", $"say openssl pkey -in {_keyFile} -out plain.pem, and name plain.pem with --tls-key", exception);
        }
        catch (Exception exception) when (exception is IOException or CryptographicException or ArgumentException)
        {
            throw Unusable(exception.Message.TrimEnd('.'), BelongTogether, exception);
        }
    }

    private CertificateFault Unusable(string reason, string remedy, Exception? cause = null) =>
        new($"cannot use the certificate {_certificateFile} with the key {_keyFile}: {reason}", remedy, cause);

    // In PKCS #8 (RFC 7468 11), or as OpenSSL wrote keys before (RFC 1421 4.6.1.1).
    private bool IsKeyEncrypted()
    {
        try
        {
            var text = File.ReadAllText(_keyFile);
            return text.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal) || text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string? Oddity() => new[] { _certificateFile, _keyFile }.Select(path => FileOddity.Of(path) is { } oddity ? $"{path} {oddity}" : null).FirstOrDefault(oddity => oddity is not null);

    // The library looks for a user's own certificates when it makes up a chain, and gives up where there is neither HOME nor a line
    // in passwd. Another part of it takes / for the home then.
    private static void HaveHome()
    {
        if (!OperatingSystem.IsWindows() && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("HOME")))
            Environment.SetEnvironmentVariable("HOME", Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
    }

    // What the files hold, as a hash. Times would not do: a link that now points elsewhere (`ln -s`, Kubernetes' `..data`) has the
    // old one's, and so may a copy. It takes a tenth of what a handshake takes.
    private byte[] Contents()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in new[] { _certificateFile, _keyFile })
        {
            try
            {
                FileOddity.ThrowIfPipe(file);
                hash.AppendData(File.ReadAllBytes(file));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // To be gone is a change too, which is told when it is loaded.
                hash.AppendData("missing"u8);
            }
        }

        return hash.GetHashAndReset();
    }
}
