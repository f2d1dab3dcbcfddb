using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailServer.Net;

namespace MailServer.Host.Tests;

public sealed class TlsCertificatesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mailserver-tls-");
    private readonly List<string> _problems = [];
    private int _changes;

    private DataDirectory Data => new(_folder.FullName);

    private string PemFile => Path.Combine(_folder.FullName, "cert.pem");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_self_signed_certificate_is_made_once_for_its_owner_only_and_names_the_server()
    {
        using var first = TlsCertificates.OpenSelfSigned(Data, ["mail.test", "b.test"], TimeProvider.System, _problems.Add, _problems.Add);
        using var second = TlsCertificates.OpenSelfSigned(Data, ["other.test"], TimeProvider.System, _problems.Add, _problems.Add);

        Assert.Equal(first.Fingerprint, second.Fingerprint);
        foreach (var name in new[] { "mail.test", "b.test", "localhost" })
            Assert.True(first.Certificate.MatchesHostname(name, allowWildcards: false, allowCommonName: false), name);
        Assert.True(first.Certificate.NotAfter > TimeProvider.System.GetUtcNow().AddYears(9).DateTime);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Data.KeyFile));
    }

    [Fact]
    public void A_changed_certificate_counts_from_the_next_handshake_on()
    {
        var old = Write("old.test");
        using var certificates = TlsCertificates.Open(PemFile, PemFile, _problems.Add);
        Assert.Equal(old, Shown(certificates));
        var told = new List<string>();
        certificates.Changed += () => told.Add(certificates.Fingerprint);

        var changed = Write("new.test");
        Assert.Equal(changed, Shown(certificates));
        Assert.Equal(changed, Shown(certificates));
        Assert.Empty(_problems);
        Assert.Equal([certificates.Fingerprint], told);
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

    [Theory]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIF\n-----END ENCRYPTED PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,86F4\n\nMIIF\n-----END RSA PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN EC PRIVATE KEY-----\r\nProc-Type: 4,ENCRYPTED\r\nDEK-Info: AES-128-CBC,86F4\r\n\r\nMIIF\r\n-----END EC PRIVATE KEY-----\r\n")]
    public void An_encrypted_key_is_called_one_with_the_command_that_decrypts_it(string key)
    {
        Write("mail.test");
        var keyFile = Path.Combine(_folder.FullName, "key.pem");
        File.WriteAllText(keyFile, key);
        using (var certificate = X509CertificateLoader.LoadCertificateFromFile(PemFile))
            File.WriteAllText(PemFile, certificate.ExportCertificatePem());

        var fault = Assert.Throws<CertificateFault>(() => TlsCertificates.Open(PemFile, keyFile, _problems.Add));
        Assert.Equal(
            $"the key {keyFile} is encrypted, and nobody is there to decrypt it; say openssl pkey -in {keyFile} -out plain.pem, and name plain.pem with --tls-key", fault.Message);
    }

    [Fact]
    public void A_changed_certificate_of_the_same_time_counts()
    {
        Write("old.test");
        var time = File.GetLastWriteTimeUtc(PemFile);
        using var certificates = TlsCertificates.Open(PemFile, PemFile, _problems.Add);

        var changed = Write("new.test");
        File.SetLastWriteTimeUtc(PemFile, time);

        Assert.Equal(changed, Shown(certificates));
    }

    [Fact]
    public void A_link_that_points_to_another_certificate_counts()
    {
        if (OperatingSystem.IsWindows())
            return;

        // As `ln -s` does, and as Kubernetes does one folder above.
        var time = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var thumbprints = new List<string>();
        foreach (var version in new[] { "1", "2" })
        {
            thumbprints.Add(Write($"{version}.test"));
            var folder = Directory.CreateDirectory(Path.Combine(_folder.FullName, version)).FullName;
            File.Move(PemFile, Path.Combine(folder, "cert.pem"));
            File.SetLastWriteTimeUtc(Path.Combine(folder, "cert.pem"), time);
        }

        var data = Path.Combine(_folder.FullName, "..data");
        Directory.CreateSymbolicLink(data, "1");
        File.CreateSymbolicLink(PemFile, Path.Combine("..data", "cert.pem"));
        using var certificates = TlsCertificates.Open(PemFile, PemFile, _problems.Add);
        Assert.Equal(thumbprints[0], Shown(certificates));

        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, "2");
        Assert.Equal(thumbprints[1], Shown(certificates));

        File.Delete(PemFile);
        File.CreateSymbolicLink(PemFile, Path.Combine("1", "cert.pem"));
        Assert.Equal(thumbprints[0], Shown(certificates));
        Assert.Empty(_problems);
    }

    [Fact]
    public void Files_that_are_gone_are_told_once_and_the_old_certificate_stays()
    {
        var old = Write("old.test");
        using var certificates = TlsCertificates.Open(PemFile, PemFile, _problems.Add);

        File.Delete(PemFile);
        Assert.Equal(old, Shown(certificates));
        Assert.Equal(old, Shown(certificates));
        Assert.Single(_problems);

        Assert.Equal(Write("new.test"), Shown(certificates));
    }

    [Theory]
    [InlineData("1970-01-01", "2026-11-27", "expired")]
    [InlineData("2026-11-27", "2036-12-01", "expired")]
    [InlineData("2036-01-01", "2026-11-27", "not yet")]
    public void Our_own_certificate_is_made_anew_when_its_time_is_not_now(string madeAt, string startedAt, string reason)
    {
        var old = MakeAsVersion010Did(Data.Tls, ClockAt(madeAt).GetUtcNow());

        using var second = TlsCertificates.OpenSelfSigned(Data, ["mail.test"], ClockAt(startedAt), _problems.Add, _problems.Add);

        Assert.NotEqual(old, second.Fingerprint);
        Assert.Contains(reason, Assert.Single(_problems), StringComparison.Ordinal);
        Assert.True(second.Certificate.NotAfter > DateTime.Parse(startedAt, CultureInfo.InvariantCulture).AddYears(9));
    }

    [Fact]
    public void A_certificate_of_somebody_else_that_lies_where_ours_would_is_left_alone()
    {
        Directory.CreateDirectory(Data.Tls);
        var old = Write("foreign.test");
        File.Move(PemFile, Data.CertificateFile);
        File.Copy(Data.CertificateFile, Data.KeyFile);

        using var certificates = TlsCertificates.OpenSelfSigned(Data, ["mail.test"], ClockAt("2036-12-01"), _problems.Add, _problems.Add);

        Assert.Equal(old, Shown(certificates));
        Assert.Contains("expired", certificates.OutOfTime(ClockAt("2036-12-01").GetUtcNow()), StringComparison.Ordinal);
        Assert.Null(certificates.OutOfTime(TimeProvider.System.GetUtcNow()));
    }

    [Fact]
    public void A_clock_that_is_wrong_for_certain_makes_a_certificate_that_counts_later_too_and_replaces_none()
    {
        using var first = TlsCertificates.OpenSelfSigned(Data, ["mail.test"], ClockAt("1970-01-01"), _problems.Add, _problems.Add);
        Assert.Null(first.OutOfTime(ClockAt("2026-11-27").GetUtcNow()));
        Assert.Null(first.OutOfTime(ClockAt("1970-01-01").GetUtcNow()));

        var another = Path.Combine(_folder.FullName, "another");
        using var made = TlsCertificates.OpenSelfSigned(new DataDirectory(another), ["mail.test"], ClockAt("2026-11-27"), _problems.Add, _problems.Add);
        using var kept = TlsCertificates.OpenSelfSigned(new DataDirectory(another), ["mail.test"], ClockAt("1970-01-01"), _problems.Add, _problems.Add);
        Assert.Equal(made.Fingerprint, kept.Fingerprint);
        Assert.Contains("look whether the clock is right", kept.OutOfTime(ClockAt("1970-01-01").GetUtcNow()), StringComparison.Ordinal);
        Assert.Empty(_problems);
    }

    [Fact]
    public void A_clock_for_which_no_certificate_can_be_made_is_called_wrong()
    {
        var fault = Assert.Throws<CertificateFault>(() => TlsCertificates.OpenSelfSigned(Data, ["mail.test"], ClockAt("9995-01-01"), _problems.Add, _problems.Add));

        Assert.Equal("the clock is wrong: it says 9995-01-01; set it and start again", fault.Message);
        Assert.False(File.Exists(Data.KeyFile));
    }

    private static ManualTimeProvider ClockAt(string day) => new() { UtcNow = DateTimeOffset.Parse(day, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) };

    private static string Shown(TlsCertificates certificates) =>
        certificates.Options.ServerCertificateContext!.TargetCertificate.Thumbprint;

    // Ten years from whatever the clock said.
    private static string MakeAsVersion010Did(string folder, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mail.test", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        alternatives.AddDnsName("mail.test");
        alternatives.AddDnsName("localhost");
        alternatives.AddIpAddress(IPAddress.Loopback);
        alternatives.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(alternatives.Build());
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(3652));
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        using var opened = TlsCertificates.Open(Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"), _ => { });
        return opened.Fingerprint;
    }

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
