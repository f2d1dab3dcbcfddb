using System.Buffers;
using System.Text;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Core.Mail.Formats;
using MailServer.Testing;

namespace MailServer.Core.Tests;

/// <summary>Senders in the line above a message of an mbox, of every form that RFC 5321 4.1.2 and RFC 6531 allow, and of some that they do not.</summary>
public sealed class FromLineTests
{
    private const string Date = "Mon Jan  5 10:00:00 2026";

    private static readonly DateTimeOffset Then = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("a@b.test")]
    [InlineData("\"a b\"@c.d")]
    [InlineData("\"a  b\"@c.d")]
    [InlineData("\" a \"@c.d")]
    [InlineData("\"a\\\" b\"@c.d")]
    [InlineData("\"a\\\\\"@c.d")]
    [InlineData("\"a>b<\"@c.d")]
    [InlineData("\"a@b Mon Jan  5 11:00:00 2026\"@c.d")]
    [InlineData("\"x remote from y\"@c.d")]
    [InlineData("\"\"@c.d")]
    [InlineData("a@[127.0.0.1]")]
    [InlineData("b\u00FCcher@b\u00FCcher.test")]
    [InlineData("\"\U0001F4E7 x\"@c.d")]
    public async Task A_sender_survives_import_and_export(string sender)
    {
        var line = $"From {sender} {Date}";

        var store = new InMemoryStore();
        var account = (await store.AddAsync(AccountName.TryParse("bob")!, null, CancellationToken.None))!;
        Assert.Equal($"Return-Path: <{sender}>\r\nSubject: x\r\n\r\nb\r\n", await ImportAsync(store, account, line + "\nSubject: x\n\nb\n"));

        using var file = new MemoryStream();
        await using var maildrop = (await store.OpenMaildropAsync(account, CancellationToken.None))!;
        await new MailExport(maildrop).WriteMboxAsync(0, file, CancellationToken.None);
        Assert.StartsWith(line + "\nX-Mailserver-Received: ", Encoding.UTF8.GetString(file.ToArray()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"a b@c.d")]
    [InlineData("\"a b\\\"@c.d")]
    [InlineData("\"a\" b\"@c.d")]
    [InlineData("\"a b\"c@d.e")]
    [InlineData("a\"b c\"@d.e")]
    [InlineData("\"a b\"@c d.e")]
    [InlineData("\"a b\"@c.d>")]
    [InlineData("\"a b\"@<c.d")]
    [InlineData("\"a b\"@\"c.d\"")]
    [InlineData("\"a b\"@")]
    [InlineData("\"a\u0001 b\"@c.d")]
    [InlineData("\"a\\\u007F b\"@c.d")]
    [InlineData("\"a\tb\"@c.d")]
    [InlineData("\"a\u0085b\"@c.d")]
    [InlineData("\"a\u2028b\"@c.d")]
    [InlineData("a>b@c.d")]
    [InlineData("a b")]
    [InlineData("@c.d")]
    public async Task What_is_no_address_breaks_neither_the_line_nor_the_field(string sender)
    {
        var from = FromLine.Parse(Encoding.UTF8.GetBytes($"From {sender} {Date}"));
        Assert.Null(from.Address);
        Assert.Equal(Then, from.Date);

        var store = new InMemoryStore();
        var account = (await store.AddAsync(AccountName.TryParse("bob")!, null, CancellationToken.None))!;
        Assert.Equal("Subject: x\r\n\r\nb\r\n", await ImportAsync(store, account, $"From {sender} {Date}\nSubject: x\n\nb\n"));
    }

    [Theory]
    [InlineData("<\"a b\"@c.d>", "\"a b\"@c.d")]
    [InlineData("<\"a b@c.d>", "MAILER-DAEMON")]
    [InlineData("<>", "MAILER-DAEMON")]
    [InlineData("<a@b.test> Mon Jan  5 10:00:00 2026", "MAILER-DAEMON")]
    public async Task A_Return_Path_in_the_text_stands_in_the_line_where_it_is_an_address(string field, string sender) =>
        Assert.StartsWith($"From {sender} {Date}\n", await ExportAsync($"Return-Path: {field}\r\nSubject: x\r\n"), StringComparison.Ordinal);

    [Fact]
    public async Task A_line_that_a_long_sender_makes_is_still_the_line_of_a_message()
    {
        var written = await ExportAsync($"Return-Path: <{new string('a', 2000)}@b.test>\r\nSubject: x\r\n");
        Assert.StartsWith($"From MAILER-DAEMON {Date}\n", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Octets_of_a_code_page_are_no_address_and_hide_no_date()
    {
        var from = FromLine.Parse(Octets.Of($"From b\u00FCcher@c.d {Date}"));
        Assert.Equal((null, Then), (from.Address, from.Date));
    }

    private static async Task<string> ImportAsync(InMemoryStore store, Account account, string mbox)
    {
        await using (var import = (await MailImport.OpenAsync(store, account, isTakingAgain: false, CancellationToken.None))!)
        {
            var reader = await MboxReader.OpenAsync(new MemoryStream(Encoding.UTF8.GetBytes(mbox)), CancellationToken.None);
            while (await reader.NextAsync(CancellationToken.None))
                await import.AddAsync(new ImportedMessage(reader.Source, reader.ReadAsync) { ReversePath = reader.From.Address, ReceivedAt = reader.From.Date }, CancellationToken.None);
            await import.FlushAsync();
        }

        await using var maildrop = (await store.OpenMaildropAsync(account, CancellationToken.None))!;
        var octets = new byte[Assert.Single(maildrop.Entries).Octets];
        await maildrop.ReadAsync(0, 0, octets, CancellationToken.None);
        return Encoding.UTF8.GetString(octets);
    }

    private static async Task<string> ExportAsync(string text)
    {
        var store = new InMemoryStore();
        var account = (await store.AddAsync(AccountName.TryParse("bob")!, null, CancellationToken.None))!;
        await using (var writer = store.Begin(new Envelope(null, [account], Then)))
        {
            writer.Write(Octets.Of(text));
            await writer.CommitAsync(CancellationToken.None);
        }

        using var file = new MemoryStream();
        await using var maildrop = (await store.OpenMaildropAsync(account, CancellationToken.None))!;
        await new MailExport(maildrop).WriteMboxAsync(0, file, CancellationToken.None);
        return Encoding.UTF8.GetString(file.ToArray());
    }
}
