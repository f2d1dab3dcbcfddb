using System.Diagnostics.Metrics;
using System.Net;
using System.Text.RegularExpressions;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Settings;
using Microsoft.Extensions.Logging;

namespace MailServer.Host.Tests;

/// <summary>What an operator finds in the log: where a message is, and who is knocking.</summary>
public sealed class SessionLogTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("mailserver-log-");
    private readonly ListLogger _logger = new();
    private readonly Metrics _metrics = new();

    public void Dispose()
    {
        _metrics.Dispose();
        _data.Delete(recursive: true);
    }

    [Theory]
    [InlineData(1, "<r1>")]
    [InlineData(2, "<r1>, <r2>")]
    [InlineData(5, "<r1>, <r2>, <r3>, <r4>, <r5>")]
    [InlineData(6, "<r1>, <r2>, <r3>, <r4>, <r5> and 1 more")]
    [InlineData(1000, "<r1>, <r2>, <r3>, <r4>, <r5> and 995 more")]
    public void An_accepted_message_is_one_line(int recipients, string to)
    {
        Log("192.0.2.7").MessageStored("7113a3c4ca57a14c", "a@far.test", Enumerable.Range(1, recipients).Select(number => Name($"r{number}")), 21, null);
        Assert.Equal([$"Information: s4 stored 7113a3c4ca57a14c: size=21, from=<a@far.test>, to={to}, peer=192.0.2.7, account=-"], _logger.Rest());
    }

    [Fact]
    public void A_quoted_name_cannot_go_on_as_another_part_of_the_line()
    {
        Log("192.0.2.7").MessageStored("1", "\"x>, to=<bob>, peer=198.51.100.1\"@e.test", [Name("anna")], 21, null);
        Assert.Equal(["Information: s4 stored 1: size=21, from=<\"x?,?to=?bob?,?peer=198.51.100.1\"@e.test>, to=<anna>, peer=192.0.2.7, account=-"], _logger.Rest());
    }

    [Fact]
    public void It_says_whom_the_client_speaks_as()
    {
        Log("2001:db8::7").MessageStored("1", "", [Name("bob")], 21, Name("alice"));
        Assert.Equal(["Information: s4 stored 1: size=21, from=<>, to=<bob>, peer=2001:db8::7, account=alice"], _logger.Rest());
    }

    [Fact]
    public void What_is_refused_says_to_whom()
    {
        var log = Log("192.0.2.7");
        log.Refused("RCPT", "550 5.7.1", "550 5.7.1 This server takes mail for its own domains only");
        log.LoginRefused("bob");
        Assert.Equal(
            ["Information: s4 [192.0.2.7] RCPT refused: 550 5.7.1 This server takes mail for its own domains only", "Warning: s4 [192.0.2.7] failed to log in as bob"],
            _logger.Rest());
    }

    [Theory]
    [InlineData(StoreFaultKind.OverQuota)]
    [InlineData(StoreFaultKind.NoRecipient)]
    public void A_refusal_by_the_store_is_a_refusal_with_its_cause_and_no_fault(StoreFaultKind kind)
    {
        var faults = FaultsWhile(log =>
        {
            log.StoreFailed(new StoreFault(kind, "The mailbox of fay is full"));
            log.Refused("DATA", "452 4.2.2", "452 4.2.2 A recipient's mailbox is full; please try again later");
            log.Refused("RCPT", "550 5.1.1", "550 5.1.1 No such user");
        });

        Assert.Equal(
            [
                "Information: s4 [192.0.2.7] DATA refused: 452 4.2.2 A recipient's mailbox is full; please try again later (The mailbox of fay is full)",
                "Information: s4 [192.0.2.7] RCPT refused: 550 5.1.1 No such user",
            ],
            _logger.Rest());
        Assert.Equal(0, faults);
    }

    [Theory]
    [InlineData(StoreFaultKind.Full)]
    [InlineData(StoreFaultKind.Unavailable)]
    [InlineData(StoreFaultKind.Damaged)]
    [InlineData(StoreFaultKind.MaildropLost)]
    public void Trouble_of_the_store_is_an_error_and_counted(StoreFaultKind kind)
    {
        Assert.Equal(1, FaultsWhile(log => log.StoreFailed(new StoreFault(kind, "no room"))));
        Assert.Equal(["Error: s4 was told that the store failed: no room"], _logger.Rest());
    }

    [Fact]
    public async Task A_full_mailbox_is_one_line_with_its_owner_and_the_client()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { Limits = settings.Limits with { MailboxSize = 500 } }, _logger);
        using var client = await MailTestClient.ConnectAsync(server.Smtp);
        var message = $"MAIL FROM:<a@b.test>\r\nRCPT TO:<fay>\r\nDATA\r\nSubject: x\r\n\r\n{new string('x', 200)}\r\n.\r\n";
        await client.SendAsync("HELO fay\r\n" + message + message + "QUIT\r\n");
        Assert.Contains("\r\n452 4.2.2 ", await client.ReadToEndAsync(), StringComparison.Ordinal);

        var lines = _logger.Rest();
        Assert.DoesNotContain(lines, line => line.StartsWith("Error", StringComparison.Ordinal));
        Assert.Contains("Information: s1 [127.0.0.1] DATA refused: 452 4.2.2 A recipient's mailbox is full; please try again later (The mailbox of fay is full)", lines);
    }

    [Fact]
    public async Task The_id_in_the_log_is_the_one_of_the_reply()
    {
        await using var server = await TestServer.StartAsync(loggers: _logger);
        using var client = await MailTestClient.ConnectAsync(server.Smtp);
        await client.SendAsync("HELO alice\r\nMAIL FROM:<@ME>\r\nRCPT TO:<alice>\r\nDATA\r\nhello\r\n.\r\nQUIT\r\n");

        var id = Regex.Match(await client.ReadToEndAsync(), "stored as (?<id>[0-9a-f]+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["id"].Value;

        Assert.NotEmpty(id);
        Assert.Matches($"s1 stored {id}: size=[0-9]+, from=<alice@.*>, to=<alice>, peer=127.0.0.1, account=alice$", await _logger.NextAsync(" stored "));
    }

    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData("2001:db8::7")]
    public async Task The_filter_for_fail2ban_finds_the_address_of_a_failed_login(string address)
    {
        using (var loggers = Logging.Open(new DataDirectory(_data.FullName), LogFormat.Text))
        {
            foreach (var server in new[] { "SmtpServer", "Pop3Server" })
            {
                var log = Log(address, loggers.CreateLogger(server));
                log.Began();
                log.LoginRefused("bob");
                log.LoginRefused("");
                log.Refused("PASS", "AUTH", "-ERR [AUTH] WRN Pop3Server: p1 [198.51.100.1] failed to log in as bob");
                log.LoggedIn("bob");
            }
        }

        var lines = await File.ReadAllLinesAsync(Assert.Single(Directory.GetFiles(Path.Combine(_data.FullName, "logs"))));
        var filter = Filter();
        var found = lines
            .Select(line => Regex.Match(line[Timestamp..], filter, RegexOptions.None, TimeSpan.FromSeconds(1)))
            .Where(match => match.Success)
            .Select(match => match.Groups["host"].Value);
        Assert.Equal(Enumerable.Repeat(address, 4), found);
    }

    // fail2ban takes the time out of a line before it looks at the rest.
    private static readonly int Timestamp = "2026-11-27 22:08:54.166".Length;

    private static string Filter()
    {
        var document = File.ReadAllText(Repository.PathOf("docs", "operating.md"));
        return Regex.Match(document, "^failregex = (?<filter>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["filter"].Value
            .Replace("<HOST>", "(?<host>[0-9a-f.:]+)", StringComparison.Ordinal);
    }

    // How many faults the metrics count meanwhile.
    private long FaultsWhile(Action<SessionLog> act)
    {
        var faults = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter == _metrics.Meter && instrument.Name == "mailserver.faults")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => faults += value);
        listener.Start();
        act(Log("192.0.2.7"));
        return faults;
    }

    private static AccountName Name(string text) => AccountName.TryParse(text)!;

    private SessionLog Log(string address, ILogger? logger = null) => new(logger ?? _logger, _metrics, "s4", "SMTP", IPAddress.Parse(address), wantsTranscript: false);
}
