using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailServer.Net;

namespace MailServer.Host.Tests;

public sealed class TlsCertificatesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mailserver-tls-");
    private readonly List<string> _problems = [];
    private int _changes;

    private string PemFile => Path.Combine(_folder.FullName, "cert.pem");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_self_signed_certificate_is_made_once_for_its_owner_only_and_names_the_server()
    {
        var folder = Path.Combine(_folder.FullName, "tls");
        using var first = TlsCertificates.OpenSelfSigned(folder, ["mail.test", "b.test"], TimeProvider.System, _problems.Add);
        using var second = TlsCertificates.OpenSelfSigned(folder, ["other.test"], TimeProvider.System, _problems.Add);

        Assert.Equal(first.Fingerprint, second.Fingerprint);
        foreach (var name in new[] { "mail.test", "b.test", "localhost" })
            Assert.True(first.Certificate.MatchesHostname(name, allowWildcards: false, allowCommonName: false), name);
        Assert.True(first.Certificate.NotAfter > TimeProvider.System.GetUtcNow().AddYears(9).DateTime);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "key.pem")));
    }

    [Fact]
    public void A_changed_certificate_counts_from_the_next_handshake_on()
    {
        var old = Write("old.test");
        using var certificates = TlsCertificates.Open(PemFile, PemFile, _problems.Add);
        Assert.Equal(old, Shown(certificates));

        var changed = Write("new.test");
        Assert.Equal(changed, Shown(certificates));
        Assert.Empty(_problems);
    }

    [Fact]
    public void A_changed_certificate_that_cannot_be_used_is_told_once_and_the_old_one_stays()
    {
        var old = Write("old.test");
        using var certificates = TlsCertificates.Open(PemFile, PemFile, _problems.Add);

        File.WriteAllText(PemFile, "no certificate");
        Touch();
        Assert.Equal(old, Shown(certificates));
        Assert.Equal(old, Shown(certificates));
        Assert.Contains(PemFile, Assert.Single(_problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_cannot_be_used_at_the_start_is_one_line() =>
        Assert.DoesNotContain('\n', Assert.Throws<CertificateFault>(() => TlsCertificates.Open(PemFile, PemFile, _problems.Add)).Message);

    private static string Shown(TlsCertificates certificates) =>
        certificates.Options.ServerCertificateContext!.TargetCertificate.Thumbprint;

    // Certificate and key in one file, as many tools write them.
    private string Write(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        File.WriteAllText(PemFile, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        Touch();
        return certificate.Thumbprint;
    }

    // Files written within one tick of the file system's clock would look unchanged.
    private void Touch() => File.SetLastWriteTimeUtc(PemFile, new DateTime(2026, 1, 1, 0, 0, ++_changes, DateTimeKind.Utc));
}
