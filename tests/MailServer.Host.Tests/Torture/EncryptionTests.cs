using System.Net;

namespace MailServer.Host.Tests.Torture;

/// <summary>Clients, and whoever sits between them and the server, that misuse the way into TLS.</summary>
[Trait("Category", "Torture")]
public sealed class EncryptionTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("mailserver-tls-");

    public void Dispose() => _data.Delete(recursive: true);

    [LinuxFact]
    public async Task Commands_that_are_slipped_in_behind_the_start_of_TLS_are_never_carried_out()
    {
        using var server = await TortureServer.StartAsync(_data.FullName);
        foreach (var (endPoint, text) in new[]
        {
            (server.Smtp, "EHLO c.test\r\nSTARTTLS\r\nHELO injected\r\nMAIL FROM:<a@b.test>\r\n"),
            (server.Pop3, "STLS\r\nUSER injected\r\nPASS secret\r\n"),
        })
        {
            using var client = await MailTestClient.ConnectAsync(endPoint);
            await client.SendAsync(text);
            var answers = await client.ReadToEndAsync();
            Assert.DoesNotContain("injected", answers, StringComparison.Ordinal);
            Assert.DoesNotContain("Sender OK", answers, StringComparison.Ordinal);
        }

        var (_, list, _) = await MailServerProcess.RunAsync(["user", "list", "--data", _data.FullName]);
        Assert.DoesNotContain("injected", list, StringComparison.Ordinal);
        await server.StopAsync();
        Assert.Contains("sent octets in clear behind the command that starts TLS", server.Output, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task A_handshake_that_does_not_end_is_cut_off()
    {
        using var server = await TortureServer.StartAsync(_data.FullName, "--tls-handshake", "1s");
        await Task.WhenAll(CutAsync(server.SmtpTls, ""), CutAsync(server.Pop3Tls, ""), CutAsync(server.Smtp, "EHLO c.test\r\nSTARTTLS\r\n"), CutAsync(server.Pop3, "STLS\r\n"));
        await server.StopAsync();
        Assert.Equal(4, server.Output.Split("got no further than the TLS handshake: it took too long").Length - 1);
    }

    private static async Task CutAsync(IPEndPoint endPoint, string start)
    {
        using var client = await MailTestClient.ConnectAsync(endPoint);
        await client.SendAsync(start);
        await client.ReadToEndAsync();
    }
}
