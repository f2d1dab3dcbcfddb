using System.Text;

namespace MailServer.Interop.Tests;

public class OpenSslTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Program = "openssl";

    [NeedsTheory(Program)]
    [InlineData("smtp", "-tls1_2")]
    [InlineData("smtp", "-tls1_3")]
    [InlineData("smtps", "-tls1_2")]
    [InlineData("smtps", "-tls1_3")]
    [InlineData("pop3", "-tls1_2")]
    [InlineData("pop3", "-tls1_3")]
    [InlineData("pop3s", "-tls1_2")]
    [InlineData("pop3s", "-tls1_3")]
    public async Task Verifies_the_certificate_by_name_and_talks(string protocol, string version)
    {
        var outcome = await ConnectAsync(protocol, version, "-verify_hostname", "localhost", "-verify_return_error");
        outcome.MustSucceed().MustSay("Verify return code: 0 (ok)").MustSay(Goodbye(protocol));
    }

    [NeedsTheory(Program)]
    [InlineData("smtp")]
    [InlineData("smtps")]
    public async Task Is_given_no_session_ticket_with_TLS_1_2(string protocol)
    {
        var outcome = await ConnectAsync(protocol, "-tls1_2");
        outcome.MustSucceed().MustSay(Goodbye(protocol)).MustNotSay("session ticket");
    }

    [NeedsTheory(Program)]
    [InlineData("smtp")]
    [InlineData("pop3s")]
    public async Task Cannot_resume_a_session_with_TLS_1_3(string protocol)
    {
        var session = Path.Combine(server.AddFolder(), "session");
        (await ConnectAsync(protocol, "-tls1_3", "-sess_out", session)).MustSucceed();
        (await ConnectAsync(protocol, "-tls1_3", "-sess_in", session)).MustSucceed().MustSay("New, TLSv1.3").MustNotSay("Reused");
    }

    [NeedsTheory("openssl with TLS 1.1")]
    [InlineData("smtp")]
    [InlineData("smtps")]
    [InlineData("pop3")]
    [InlineData("pop3s")]
    public async Task Is_refused_with_TLS_1_1(string protocol)
    {
        var outcome = await ConnectAsync(protocol, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0");
        outcome.MustFail().MustSay("alert protocol version").MustNotSay(Goodbye(protocol));
    }

    [NeedsTheory(Program)]
    [InlineData("smtp")]
    [InlineData("pop3s")]
    public async Task Sees_the_addresses_and_the_names_of_this_machine_in_the_certificate(string protocol)
    {
        (await ConnectAsync(protocol, "-verify_ip", "127.0.0.1", "-verify_return_error")).MustSucceed();
        (await ConnectAsync(protocol, "-verify_ip", "::1", "-verify_return_error")).MustSucceed();
        (await ConnectAsync(protocol, "-verify_hostname", RunningServer.Domain, "-verify_return_error")).MustSucceed();
        (await ConnectAsync(protocol, "-verify_hostname", "other.test", "-verify_return_error")).MustFail();
    }

    private static string Goodbye(string protocol) =>
        protocol.StartsWith("smtp", StringComparison.Ordinal) ? "221 2.0.0 mail.test" : "+OK mail.test POP3 server signing off";

    // QUIT is said in lines of its own: without -ign_eof, s_client would take the Q for a command to itself.
    private Task<Outcome> ConnectAsync(string protocol, params string[] options)
    {
        string[] where = protocol switch
        {
            "smtp" => [$"localhost:{server.Smtp}", "-starttls", "smtp"],
            "smtps" => [$"localhost:{server.Smtps}"],
            "pop3" => [$"localhost:{server.Pop3}", "-starttls", "pop3"],
            _ => [$"localhost:{server.Pop3s}"],
        };
        return server.RunAsync(Program, ["s_client", "-ign_eof", "-crlf", "-CAfile", server.Certificate, "-connect", .. where, .. options],
            Encoding.ASCII.GetBytes("NOOP\nQUIT\n"));
    }
}
