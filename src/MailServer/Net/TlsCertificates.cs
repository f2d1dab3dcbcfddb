using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MailServer.Net;

/// <summary>A certificate cannot be used; the message is one line for whoever started the server.</summary>
public sealed class CertificateFault(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// The server's certificate: from PEM files, which are read again when they change, or a self-signed one made at the
/// first start. One of these serves every connection of both daemons.
/// </summary>
public sealed class TlsCertificates : IDisposable
{
    private static readonly TimeSpan SelfSignedLife = TimeSpan.FromDays(3652);

    private readonly Lock _lock = new();
    private readonly string _certificateFile;
    private readonly string _keyFile;
    private readonly Action<string> _onReloadFailed;
    private (DateTime Certificate, DateTime Key) _stamps;
    private SslServerAuthenticationOptions _options;

    private TlsCertificates(string certificateFile, string keyFile, Action<string> onReloadFailed)
    {
        (_certificateFile, _keyFile, _onReloadFailed) = (certificateFile, keyFile, onReloadFailed);
        _stamps = Stamps();
        (_options, Certificate) = Load();
    }

    /// <summary>The certificate in use.</summary>
    public X509Certificate2 Certificate { get; private set; }

    /// <summary>True when nobody but the certificate itself vouches for it.</summary>
    public bool IsSelfSigned => Certificate.SubjectName.RawData.AsSpan().SequenceEqual(Certificate.IssuerName.RawData);

    /// <summary>The file that a client can be told to trust.</summary>
    public string CertificateFile => _certificateFile;

    /// <summary>The certificate's SHA-256 fingerprint, in hexadecimal octets with colons, as clients show it.</summary>
    public string Fingerprint => string.Join(':', SHA256.HashData(Certificate.RawData).Select(octet => octet.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>What a handshake needs now. A changed file counts from the next handshake on; a bad one is reported and the old one stays.</summary>
    public SslServerAuthenticationOptions Options
    {
        get
        {
            var stamps = Stamps();
            lock (_lock)
            {
                if (stamps != _stamps)
                    Reload(stamps);
                return _options;
            }
        }
    }

    /// <summary>Uses PEM files. Throws <see cref="CertificateFault"/>.</summary>
    /// <param name="onReloadFailed">Told in one line why changed files are not used.</param>
    public static TlsCertificates Open(string certificateFile, string keyFile, Action<string> onReloadFailed) =>
        new(certificateFile, keyFile, onReloadFailed);

    /// <summary>Uses the self-signed certificate in a folder, which is made if there is none.</summary>
    /// <param name="names">The names that it is for, besides localhost and the loopback addresses; the first is its subject.</param>
    public static TlsCertificates OpenSelfSigned(string folder, IReadOnlyList<string> names, TimeProvider clock, Action<string> onReloadFailed)
    {
        var (certificateFile, keyFile) = (Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"));
        if (!File.Exists(certificateFile) || !File.Exists(keyFile))
            MakeSelfSigned(folder, certificateFile, keyFile, names, clock.GetUtcNow());
        return new(certificateFile, keyFile, onReloadFailed);
    }

    public void Dispose() => Certificate.Dispose();

    private static void MakeSelfSigned(string folder, string certificateFile, string keyFile, IReadOnlyList<string> names, DateTimeOffset now)
    {
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

        // A day back, for clients whose clocks are behind.
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now + SelfSignedLife);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        WriteOwnerOnly(keyFile, key.ExportPkcs8PrivateKeyPem());
        WriteOwnerOnly(certificateFile, certificate.ExportCertificatePem());
    }

    private static void WriteOwnerOnly(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.WriteLine(text);
    }

    private void Reload((DateTime, DateTime) stamps)
    {
        _stamps = stamps;
        try
        {
            // The old certificate is left to the collector: handshakes may be using it.
            (_options, Certificate) = Load();
        }
        catch (CertificateFault fault)
        {
            _onReloadFailed(fault.Message);
        }
    }

    private (SslServerAuthenticationOptions Options, X509Certificate2 Certificate) Load()
    {
        try
        {
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
            return (options, certificate);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new CertificateFault(
                $"cannot use the certificate {_certificateFile} with the key {_keyFile}: {exception.Message.TrimEnd('.')}; give PEM files that belong together", exception);
        }
    }

    private (DateTime Certificate, DateTime Key) Stamps() => (File.GetLastWriteTimeUtc(_certificateFile), File.GetLastWriteTimeUtc(_keyFile));
}
