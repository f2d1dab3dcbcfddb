using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Core.Mail.Formats;
using MailServer.Core.Wire;
using MailServer.Testing;

namespace MailServer.Core.Tests;

/// <summary>Mail that is moved keeps everything, and is taken once.</summary>
public sealed class ImportExportTests
{
    private const string From = "From alice@example.org Sat Nov 21 04:37:23 2026\n";

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    // What senders write in headers and bodies that means something to formats and programs, whole and in pieces.
    private static readonly string[] Hostile =
    [
        "\r\n", "\r\n", "\r\n", "\n", "\r", "From ", ">", ">From ", "From a@b Sat Nov 21 04:37:23 2026\r\n", ">From - Sat Nov 21 04:37:23 2026\r\n", "From - \r\n", "From \r\n",
        "Content-Length: 3\r\n", "Content-Length: 999999\r\n", "Status: RO\r\n", "Status : D\r\n", "X-Status: D\r\n", "X-Mozilla-Status: 0008\r\n", "X-UIDL: x\r\n",
        "X-Mailserver-Received: 2026-11-21T04:37:23.123Z\r\n", "X-Mailserver-Received: 2026-11-21T04:37:23.123Z\r\nX-UIDL: forged\r\nStatus: RO\r\n",
        "Return-Path: <a@b>\r\n", "Return-Path: <>\r\n", "X-IMAP: 1 2\r\nSubject: FOLDER INTERNAL DATA\r\n", "X-" + new string('n', 200) + ": x\r\n", " fold\r\n",
        "\u00EF\u00BB\u00BF", "Subject: x\r\n", "Subject: x\r\n\r\n", "text", "\u00E9\0",
    ];

    private static readonly Arbitrary<Sample[]> Mailboxes =
        (from pieces in Gen.Elements(Hostile).ListOf()
         from uniqueId in Gen.Elements(null, "one", "two", "!/~:", "bad one")
         from isRead in Gen.Elements(true, false)
         from start in Gen.Elements(Noon, DateTimeOffset.MinValue, new(1963, 7, 16, 19, 37, 1, TimeSpan.Zero), new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero))
         from milliseconds in Gen.Choose(0, int.MaxValue)
         select new Sample(string.Concat(pieces), uniqueId, isRead, start.AddMilliseconds(milliseconds))).ArrayOf().ToArbitrary();

    [Fact]
    public void A_mailbox_that_is_written_to_an_mbox_and_read_is_the_same() => Prop.ForAll(Mailboxes, samples => IsKeptAsync(samples, async (maildrop, import) =>
    {
        using var file = new MemoryStream();
        var export = new MailExport(maildrop);
        for (var index = 0; index < maildrop.Entries.Count; index++)
            await export.WriteMboxAsync(index, file, CancellationToken.None);
        await ImportAsync(import, file);
    }).GetAwaiter().GetResult()).QuickCheckThrowOnFailure();

    [Fact]
    public void A_mailbox_that_is_written_to_messages_and_read_is_the_same() => Prop.ForAll(Mailboxes, samples => IsKeptAsync(samples, async (maildrop, import) =>
    {
        var export = new MailExport(maildrop);
        for (var index = 0; index < maildrop.Entries.Count; index++)
        {
            using var file = new MemoryStream();
            await export.WriteEmlAsync(index, file, CancellationToken.None);
            file.Position = 0;
            await import.AddAsync(new ImportedMessage(MailSource.File, file.ReadAsync), CancellationToken.None);
        }
    }).GetAwaiter().GetResult()).QuickCheckThrowOnFailure();

    [Fact]
    public void A_mailbox_that_is_written_to_a_Maildir_and_read_is_the_same() => Prop.ForAll(Mailboxes, samples => IsKeptAsync(samples, async (maildrop, import) =>
    {
        var export = new MailExport(maildrop);
        var list = DovecotUidList.Header(Noon, maildrop.Entries.Count);
        var names = new List<MaildirName>();
        for (var index = 0; index < maildrop.Entries.Count; index++)
        {
            names.Add(new MaildirName(MaildirName.BaseOf(await maildrop.ReceivedAtAsync(index, CancellationToken.None), index + 1), maildrop.Entries[index].IsRead ? "S" : ""));
            list += DovecotUidList.Line(index + 1, UniqueId.Of(maildrop, index), names[index].Base);
        }

        var uniqueIds = DovecotUidList.Read(new StringReader(list));
        for (var index = 0; index < names.Count; index++)
        {
            using var file = new MemoryStream();
            await export.WriteMaildirAsync(index, file, CancellationToken.None);
            file.Position = 0;
            var message = new ImportedMessage(MailSource.Maildir, file.ReadAsync)
            {
                ReceivedAt = await maildrop.ReceivedAtAsync(index, CancellationToken.None),
                UniqueId = uniqueIds.UniqueIdOf(names[index]),
                IsRead = names[index].IsRead,
            };
            await import.AddAsync(message, CancellationToken.None);
        }
    }).GetAwaiter().GetResult()).QuickCheckThrowOnFailure();

    [Fact]
    public async Task An_import_that_was_interrupted_goes_on_without_doubles()
    {
        var mbox = string.Concat(new[] { "same", "same", "odd.", "same" }.Select(text => $"{From}Subject: x\n\n{text}\n\n"));
        await using var box = await Box.MakeAsync();
        Assert.Equal((2, 0), await box.ImportAsync(mbox[..(2 * mbox.Length / 4)]));

        Assert.Equal((2, 2), await box.ImportAsync(mbox));
        Assert.Equal((0, 4), await box.ImportAsync(mbox));
        Assert.Equal((4, 0), await box.ImportAsync(mbox, isTakingAgain: true));
    }

    [Fact]
    public async Task Mail_that_lies_in_the_mailbox_is_not_taken_into_it_once_more()
    {
        await using var box = await Box.MakeAsync();
        await box.DeliverAsync("Subject: x\r\n\r\nhello\r\n");
        using var file = new MemoryStream();
        await using (var maildrop = await box.OpenAsync())
            await new MailExport(maildrop).WriteMboxAsync(0, file, CancellationToken.None);

        Assert.Equal((0, 1), await box.ImportAsync(Octets.Text(file.ToArray())));
        var changed = Octets.Text(file.ToArray()).Replace("hello", "jello", StringComparison.Ordinal);
        Assert.Equal((1, 0), await box.ImportAsync(changed));
        Assert.Equal(2, (await box.ListAsync()).Select(message => message.UniqueId).Distinct().Count());
    }

    [Fact]
    public async Task The_line_above_a_message_gives_a_return_path_only_where_there_is_none()
    {
        await using var box = await Box.MakeAsync();
        await box.ImportAsync($"{From}Subject: 1\n\n{From}Return-Path: <bob@b.test>\nSubject: 2\n\nFrom - Sat Nov 21 04:37:23 2026\nSubject: 3\n");

        var messages = await box.ListAsync();
        Assert.Equal(
            ["Return-Path: <alice@example.org>\r\nSubject: 1\r\n", "Return-Path: <bob@b.test>\r\nSubject: 2\r\n", "Subject: 3\r\n"],
            messages.Select(message => message.Text));
        Assert.All(messages, message => Assert.Equal(new DateTimeOffset(2026, 11, 21, 4, 37, 23, TimeSpan.Zero), message.ReceivedAt));
    }

    [Theory]
    [InlineData(" folded\r\n\r\nb\r\n")]
    [InlineData("\tfolded\r\n")]
    public async Task No_return_path_stands_above_a_line_that_would_go_on_it(string text)
    {
        await using var box = await Box.MakeAsync();
        await box.ImportAsync(From + text);
        Assert.Equal(text, Assert.Single(await box.ListAsync()).Text);
    }

    [Theory]
    [InlineData(MailSource.MozillaMbox, "X-Mozilla-Status: 0009\nSubject: x\n", ImportOutcome.Deleted)]
    [InlineData(MailSource.Mbox, "X-Mozilla-Status: 0009\nSubject: x\n", ImportOutcome.Taken)]
    [InlineData(MailSource.File, "X-Mozilla-Status: 0009\nSubject: x\n", ImportOutcome.Taken)]
    [InlineData(MailSource.Maildir, "X-Mozilla-Status: 0009\nSubject: x\n", ImportOutcome.Taken)]
    [InlineData(MailSource.Mbox, "X-Status: D\nSubject: x\n", ImportOutcome.Deleted)]
    [InlineData(MailSource.File, "X-Status: D\nSubject: x\n", ImportOutcome.Taken)]
    [InlineData(MailSource.Mbox, "X-IMAP: 1 2\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\n", ImportOutcome.FolderNote)]
    [InlineData(MailSource.File, "X-IMAP: 1 2\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\n", ImportOutcome.Taken)]
    [InlineData(MailSource.File, "", ImportOutcome.Empty)]
    [InlineData(MailSource.File, "Subject: x\n", ImportOutcome.Taken)]
    public async Task What_nobody_wants_is_left_out_with_its_reason(MailSource source, string text, ImportOutcome outcome)
    {
        await using var box = await Box.MakeAsync();
        await using var import = await box.BeginAsync();
        using var file = new MemoryStream(Octets.Of(text));

        Assert.Equal(outcome, await import.AddAsync(new ImportedMessage(source, file.ReadAsync), CancellationToken.None));
        await import.FlushAsync();
        Assert.Equal(outcome == ImportOutcome.Taken ? 1 : 0, import.Taken);
    }

    [Theory]
    [InlineData(MailSource.File, "Subject: x\r\n\r\nhello\n.\n+OK 90 octets\n", "Subject: x\r\n\r\nhello\r\n.\r\n+OK 90 octets\r\n")]
    [InlineData(MailSource.Maildir, "Subject: x\r\n\r\na\rb\r\r\nc", "Subject: x\r\n\r\na\r\nb\r\nc\r\n")]
    [InlineData(MailSource.File, "Subject: x\r\rhello\r", "Subject: x\r\n\r\nhello\r\n")]
    [InlineData(MailSource.File, "\u00EF\u00BB\u00BFSubject: x\r\n\r\ny\r\n", "Subject: x\r\n\r\ny\r\n")]
    [InlineData(MailSource.File, "\n\nSubject: x\n\ny\n", "Subject: x\r\n\r\ny\r\n")]
    [InlineData(MailSource.File, "\n\u00EF\u00BB\u00BFSubject: x\n\ny\n", "Subject: x\r\n\r\ny\r\n")]
    [InlineData(MailSource.File, "\n\nno header\n", "\r\n\r\nno header\r\n")]
    [InlineData(MailSource.File, ">From - Sat Jan  3 01:05:34 1996\nSubject: x\n", "Subject: x\r\n")]
    [InlineData(MailSource.Mbox, "From - Sat Jan  3 01:05:34 1996\nSubject: x\n", "Subject: x\r\n")]
    [InlineData(MailSource.Mbox, "From here on\nthere is no header\n", "From here on\r\nthere is no header\r\n")]
    [InlineData(MailSource.Mbox, "\nSubject: in the body\n", "\r\nSubject: in the body\r\n")]
    [InlineData(MailSource.Maildir, "\nSubject: in the body\n", "\r\nSubject: in the body\r\n")]
    [InlineData(MailSource.Maildir, ">From x\nSubject: x\n", ">From x\r\nSubject: x\r\n")]
    public async Task A_text_is_taken_with_the_line_ends_of_mail_and_nothing_above_its_header(MailSource source, string text, string stored)
    {
        await using var box = await Box.MakeAsync();
        await using (var import = await box.BeginAsync())
        {
            using var file = new MemoryStream(Octets.Of(text));
            await import.AddAsync(new ImportedMessage(source, file.ReadAsync), CancellationToken.None);
            await import.FlushAsync();
        }

        Assert.Equal(stored, Assert.Single(await box.ListAsync()).Text);
    }

    [Fact]
    public async Task A_date_before_there_was_mail_is_none()
    {
        await using var box = await Box.MakeAsync();
        await using (var import = await box.BeginAsync())
        {
            using var file = new MemoryStream(Octets.Of("Date: Mon, 1 Jan 0001 00:00:00 +0000\n\nx\n"));
            await import.AddAsync(new ImportedMessage(MailSource.File, file.ReadAsync) { FallbackDate = Noon }, CancellationToken.None);
            await import.FlushAsync();
        }

        Assert.Equal(Noon, Assert.Single(await box.ListAsync()).ReceivedAt);
    }

    [Fact]
    public async Task A_store_that_fails_ends_the_import_with_its_reason()
    {
        await using var box = await Box.MakeAsync();
        box.Store.Fault = operation => operation == "commit" ? new StoreFault(StoreFaultKind.Full, "full") : null;

        var fault = await Assert.ThrowsAsync<StoreFault>(() => box.ImportAsync($"{From}Subject: x\n"));
        Assert.Equal(StoreFaultKind.Full, fault.Kind);
    }

    // What lies in one mailbox must lie in another when it has been moved.
    private static async Task<bool> IsKeptAsync(Sample[] samples, Func<IMaildrop, MailImport, Task> moveAsync)
    {
        await using var source = await Box.MakeAsync();
        foreach (var sample in samples)
            await source.KeepAsync(sample);
        await using var target = await Box.MakeAsync();
        await using (var maildrop = await source.OpenAsync())
        await using (var import = await target.BeginAsync())
        {
            await moveAsync(maildrop, import);
            await import.FlushAsync();
        }

        return (await source.ListAsync()).SequenceEqual(await target.ListAsync());
    }

    private static async Task ImportAsync(MailImport import, MemoryStream file)
    {
        var reader = await MboxReader.OpenAsync(file, CancellationToken.None);
        while (await reader.NextAsync(CancellationToken.None))
            await import.AddAsync(new ImportedMessage(reader.Source, reader.ReadAsync) { ReversePath = reader.From.Address, ReceivedAt = reader.From.Date }, CancellationToken.None);
        await import.FlushAsync();
    }

    private sealed record Sample(string Text, string? UniqueId, bool IsRead, DateTimeOffset ReceivedAt);

    private sealed record Kept(string Text, string UniqueId, bool IsRead, DateTimeOffset ReceivedAt);

    /// <summary>A store with one account.</summary>
    private sealed class Box(InMemoryStore store, Account account) : IAsyncDisposable
    {
        public InMemoryStore Store => store;

        public static async Task<Box> MakeAsync()
        {
            var store = new InMemoryStore();
            return new Box(store, (await store.AddAsync(AccountName.TryParse("bob")!, null, CancellationToken.None))!);
        }

        public async Task<MailImport> BeginAsync(bool isTakingAgain = false) =>
            (await MailImport.OpenAsync(store, account, isTakingAgain, CancellationToken.None))!;

        public async Task<IMaildrop> OpenAsync() => (await store.OpenMaildropAsync(account, CancellationToken.None))!;

        public async Task<(long Taken, long Known)> ImportAsync(string mbox, bool isTakingAgain = false)
        {
            await using var import = await BeginAsync(isTakingAgain);
            await ImportExportTests.ImportAsync(import, new MemoryStream(Octets.Of(mbox)));
            return (import.Taken, import.Known);
        }

        public async Task DeliverAsync(string text)
        {
            await using var writer = store.Begin(new Envelope(null, [account], Noon));
            writer.Write(Octets.Of(text));
            await writer.CommitAsync(CancellationToken.None);
        }

        public async Task KeepAsync(Sample sample)
        {
            // The store holds CRLF lines only, and no message of nothing.
            var (lineEnds, text) = (new LineEndNormalizer(), new ArrayBufferWriter<byte>());
            lineEnds.Write(Octets.Of(sample.Text.Length == 0 ? "\n" : sample.Text), text);
            lineEnds.Finish(text);
            await using var writer = store.Begin(new Envelope(null, [account], sample.ReceivedAt));
            writer.Write(text.WrittenSpan);
            await writer.CommitMovedAsync(new Provenance(sample.UniqueId, sample.IsRead, default), CancellationToken.None);
        }

        public async Task<List<Kept>> ListAsync()
        {
            await using var maildrop = await OpenAsync();
            var kept = new List<Kept>();
            for (var index = 0; index < maildrop.Entries.Count; index++)
            {
                var octets = new byte[maildrop.Entries[index].Octets];
                await maildrop.ReadAsync(index, 0, octets, CancellationToken.None);
                kept.Add(new Kept(Octets.Text(octets), UniqueId.Of(maildrop, index), maildrop.Entries[index].IsRead, await maildrop.ReceivedAtAsync(index, CancellationToken.None)));
            }

            return kept;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
