using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MailServer.Interop.Tests;

public class MsmtpTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Program = "msmtp";

    [NeedsFact(Program)]
    public async Task Sends_a_message()
    {
        var bob = await server.AddAccountAsync();
        (await SendAsync(bob, RunningServer.Sender, server.Smtp)).MustSucceed();
        Letters.MustBe(Letters.WithLongLines(), await server.ReadOnlyMessageAsync(bob), "ESMTP");
    }

    [NeedsTheory(Program)]
    [InlineData("plain")]
    [InlineData("login")]
    public async Task Logs_in_and_sends_in_its_own_name(string mechanism)
    {
        var bob = await server.AddAccountAsync();
        (await SendAsync(bob, bob.Address, server.Smtp, Login(bob, mechanism))).MustSucceed();
        Letters.MustBe(Letters.WithLongLines(), await server.ReadOnlyMessageAsync(bob), "ESMTPA");
    }

    [NeedsTheory(Program)]
    [InlineData("on", "plain")]
    [InlineData("on", "login")]
    [InlineData("off", "plain")]
    [InlineData("off", "login")]
    public async Task Logs_in_over_TLS_and_trusts_the_servers_own_certificate(string startTls, string mechanism)
    {
        var bob = await server.AddAccountAsync();
        (await SendAsync(bob, bob.Address, startTls == "on" ? server.Smtp : server.Smtps,
            [.. Login(bob, mechanism), "tls on", $"tls_starttls {startTls}", $"tls_trust_file {server.Certificate}"])).MustSucceed();
        Letters.MustBe(Letters.WithLongLines(), await server.ReadOnlyMessageAsync(bob), "ESMTPSA");
    }

    [NeedsFact(Program)]
    public async Task Knows_the_server_by_its_fingerprint()
    {
        var bob = await server.AddAccountAsync();
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(server.Certificate);
        var right = SHA256.HashData(certificate.RawData);
        var wrong = right[..^1].Append((byte)~right[^1]);
        (await SendAsync(bob, RunningServer.Sender, server.Smtp, Trust(right))).MustSucceed();
        (await SendAsync(bob, RunningServer.Sender, server.Smtp, Trust(wrong))).MustFail().MustSay("fingerprint");
        Letters.MustBe(Letters.WithLongLines(), await server.ReadOnlyMessageAsync(bob), "ESMTPS");
    }

    [NeedsFact(Program)]
    public async Task Sends_no_password_in_clear_unless_it_is_told_how()
    {
        var bob = await server.AddAccountAsync();
        (await SendAsync(bob, bob.Address, server.Smtp, Login(bob, "on"))).MustFail().MustSay("cannot use a secure authentication method");
        Assert.Empty(await server.ReadMailboxAsync(bob));
    }

    [NeedsFact(Program)]
    public async Task Is_refused_with_a_wrong_password()
    {
        var bob = await server.AddAccountAsync();
        (await SendAsync(bob, bob.Address, server.Smtp, "auth plain", $"user {bob.Name}", "password wrong")).MustFail().MustSay("535 5.7.8");
        Assert.Empty(await server.ReadMailboxAsync(bob));
    }

    [NeedsFact(Program)]
    public async Task Reads_what_the_server_offers()
    {
        var file = Path.Combine(server.AddFolder(), "rc");
        await File.WriteAllTextAsync(file, "");
        (await server.RunAsync(Program, "-C", file, "--serverinfo", "--host=localhost", $"--port={server.Smtp}", "--tls=off"))
            .MustSucceed().MustSay("PIPELINING").MustSay("STARTTLS").MustSay("PLAIN LOGIN").MustSay("SIZE");
    }

    private static string[] Login(TestAccount account, string mechanism) =>
        [$"auth {mechanism}", $"user {account.Name}", $"password \"{account.Password}\""];

    private static string[] Trust(IEnumerable<byte> fingerprint) =>
        ["tls on", "tls_trust_file", $"tls_fingerprint {string.Join(':', fingerprint.Select(octet => $"{octet:X2}"))}"];

    private async Task<Outcome> SendAsync(TestAccount to, string from, int port, params string[] settings)
    {
        var folder = server.AddFolder();
        var file = Path.Combine(folder, "rc");
        string[] lines = ["account default", "host localhost", $"port {port}", "domain client.test", $"from {from}",
            "add_missing_date_header off", "add_missing_from_header off", .. settings];
        await ClientProcess.WriteSettingsAsync(file, string.Join('\n', lines) + '\n');
        return await server.RunAsync(Program, ["-C", file, "-d", "--", to.Address], Letters.WithBareLineFeeds(Letters.WithLongLines()), folder);
    }
}
