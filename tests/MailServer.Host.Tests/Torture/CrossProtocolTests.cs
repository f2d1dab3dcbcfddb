using System.Net;
using Xunit.Abstractions;

namespace MailServer.Host.Tests.Torture;

/// <summary>A web page can make a browser on this machine, which is trusted, send nearly any text behind an HTTP request.</summary>
[Trait("Category", "Torture")]
public sealed class CrossProtocolTests(ITestOutputHelper output) : IDisposable
{
    private const string SmtpDialogue = "EHLO evil\r\nPASS secret\r\nHELO worse\r\nMAIL FROM:<@ME>\r\nRCPT TO:<bob>\r\nDATA\r\nSubject: x\r\n\r\nx\r\n.\r\nQUIT\r\n";
    private const string Pop3Dialogue = "USER evil\r\nPASS secret\r\nUSER bob\r\nRETR\r\nDELE 1\r\nQUIT\r\n";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("mailserver-cross-");

    public void Dispose() => _data.Delete(recursive: true);

    [LinuxFact]
    public async Task A_dialogue_within_an_HTTP_request_is_refused_at_the_first_line()
    {
        using var server = await TortureServer.StartAsync(_data.FullName);
        await server.MakeAccountsAsync("bob");
        (string Name, IPEndPoint EndPoint, string Refusal, bool IsEncrypted)[] daemons =
        [
            ("SMTP", server.Smtp, "554", false), ("SMTP over TLS", server.SmtpTls, "554", true),
            ("POP3", server.Pop3, "-ERR", false), ("POP3 over TLS", server.Pop3Tls, "-ERR", true),
        ];
        var count = 0;
        foreach (var (name, endPoint, refusal, isEncrypted) in daemons)
        {
            foreach (var request in new[] { SmtpDialogue, Pop3Dialogue }.SelectMany(Requests))
            {
                var answers = await SendAsync(endPoint, request, isEncrypted);
                Assert.True(answers is [_, var answer] && answer.StartsWith(refusal, StringComparison.Ordinal), $"{name} answered {request} with {string.Join(" / ", answers)}");
                count++;
            }
        }

        using var reader = await MailTestClient.GreetedAsync(server.Pop3);
        Assert.StartsWith("+OK Logged in, 0 messages", await reader.AskAsync("USER bob"), StringComparison.Ordinal);
        var (_, list, _) = await MailServerProcess.RunAsync(["user", "list", "--data", _data.FullName]);
        Assert.DoesNotContain("evil", list, StringComparison.Ordinal);
        Assert.DoesNotContain("worse", list, StringComparison.Ordinal);
        output.WriteLine($"{count} requests were refused at their first line");
    }

    [LinuxFact]
    public async Task A_real_HTTP_client_gets_nowhere()
    {
        using var server = await TortureServer.StartAsync(_data.FullName);
        using var http = new HttpClient { Timeout = HangGuard.Limit };
        foreach (var endPoint in new[] { server.Smtp, server.Pop3 })
        {
            using var form = new MultipartFormDataContent { { new StringContent(SmtpDialogue + Pop3Dialogue), "file", "x" } };
            await Assert.ThrowsAsync<HttpRequestException>(() => http.PostAsync(new Uri($"http://{endPoint}/"), form));
        }

        var (_, list, _) = await MailServerProcess.RunAsync(["user", "list", "--data", _data.FullName]);
        Assert.DoesNotContain("evil", list, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Requests(string dialogue)
    {
        const string Headers = "Host: localhost:25\r\nUser-Agent: Mozilla/5.0\r\nAccept: */*\r\nOrigin: https://evil.test\r\n";
        var length = dialogue.Length;
        yield return $"POST / HTTP/1.1\r\n{Headers}Content-Type: text/plain\r\nContent-Length: {length}\r\n\r\n{dialogue}";
        yield return $"POST / HTTP/1.1\r\n{Headers}Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{dialogue}\r\n0\r\n\r\n";
        yield return $"POST / HTTP/1.1\r\n{Headers}Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n{dialogue}\r\n--b--\r\n";
        foreach (var verb in new[] { "GET", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE" })
            yield return $"{verb} / HTTP/1.1\r\n{Headers}\r\n{dialogue}";
        yield return $"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{dialogue}";
    }

    private static async Task<string[]> SendAsync(IPEndPoint endPoint, string request, bool isEncrypted)
    {
        using var client = await MailTestClient.ConnectAsync(endPoint);
        if (isEncrypted)
            await client.StartTlsAsync();
        await client.SendAsync(request);
        return (await client.ReadToEndAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }
}
