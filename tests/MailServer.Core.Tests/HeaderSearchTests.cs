using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Core.Sessions;
using MailServer.Testing;

namespace MailServer.Core.Tests;

/// <summary>A field is found however deep it lies in a header, and in whatever blocks that comes.</summary>
public sealed class HeaderSearchTests
{
    private static readonly Arbitrary<string> Headers =
        Gen.Elements("Subject: ", "From: ", "x", "\r\n", "\r\n", "\n", " fold\r\n", "\tSubject: no\r\n", "Subject : yes\r\n", "no field\n", "\u00C3\u00A9")
            .ListOf().Select(pieces => string.Concat(pieces).Split("\n\r\n")[0].Split("\n\n")[0].TrimStart('\r', '\n') + "\r\n").ToArbitrary();

    [Fact]
    public void The_blocks_in_which_a_header_comes_make_no_difference() => Prop.ForAll(Headers, header =>
    {
        // A block that holds every field whole finds what is there; in a smaller one a value may be cut short.
        return Enumerable.Range(16, header.Length + 2).All(size =>
            Search(header, size) is var found && Whole(header) is var whole
            && (size > header.Length ? found == whole : IsBeginning(found.Subject, whole.Subject) && IsBeginning(found.From, whole.From)));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(10)]
    [InlineData(64)]
    public void A_field_is_found_behind_one_that_is_longer_than_the_block(int size)
    {
        var header = $"X-Long: {new string('x', 300)}\r\n Subject: fold\r\n y\r\nSubject: s\r\nFrom: f\r\n\r\n";

        Assert.Equal(("s", "f"), Search(header, size));
    }

    [Fact]
    public void Of_a_value_longer_than_the_block_the_beginning_is_found_without_half_a_character()
    {
        var header = Octets.Text(Encoding.UTF8.GetBytes($"Subject: {new string('\u20AC', 100)}\r\nFrom: f\r\n\r\n"));

        for (var size = 20; size < 30; size++)
        {
            var (subject, from) = Search(header, size);
            Assert.Equal(new string('\u20AC', (size - 9) / 3), subject);
            Assert.Equal("f", from);
        }
    }

    [Fact]
    public async Task The_detailed_listing_finds_a_subject_behind_any_other_fields_and_decodes_it()
    {
        var conversation = Conversation.Pop3(Pop3Listing.Detailed);
        await conversation.AddAccountAsync("bob", "secret");
        var fields = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"X-Field-{i}: {i}\r\n"));
        await DeliverAsync(conversation.Store, $"Return-Path: <a@b.test>\r\n{fields}X-Long: {new string('x', 200_000)}\r\nSubject: =?utf8?q?Gr=C3=BC?=\r\n =?utf8?q?=C3=9Fe?=\r\n\r\nbody\r\n");
        await DeliverAsync(conversation.Store, $"Return-Path: <a@b.test>\r\nSubject: Fr\u00F6sche {new string('\u00E4', 200_000)}\r\n\r\nbody\r\n");

        var list = await conversation.SayAsync("USER bob", "PASS secret", "LIST");

        Assert.Contains(", a@b.test, Gr\u00C3\u00BC\u00C3\u009Fe, ", list, StringComparison.Ordinal);
        Assert.Contains(", a@b.test, Fr\u00C3\u00B6sche " + string.Concat(Enumerable.Repeat("\u00C3\u00A4", 92)) + ", ", list, StringComparison.Ordinal);
        Assert.EndsWith(", Gr\u00C3\u00BC\u00C3\u009Fe, body\r\n.\r\n", await conversation.SayAsync("RETR 1"), StringComparison.Ordinal);
    }

    private static async Task DeliverAsync(InMemoryStore store, string text)
    {
        var account = await store.FindAsync(AccountName.TryParse("bob")!, CancellationToken.None);
        await using var writer = store.Begin(new Envelope(null, [account!], DateTimeOffset.UnixEpoch));
        writer.Write(Octets.Of(text));
        await writer.CommitAsync(CancellationToken.None);
    }

    private static bool IsBeginning(string? found, string? whole) => found is null ? whole is null : whole is not null && whole.StartsWith(found, StringComparison.Ordinal);

    private static (string? Subject, string? From) Whole(string header) =>
        (HeaderFields.FindDecoded(Octets.Of(header), "Subject"), HeaderFields.FindDecoded(Octets.Of(header), "From"));

    private static (string? Subject, string? From) Search(string text, int size)
    {
        var (search, header, block) = (new HeaderSearch("Subject", "From"), Octets.Of(text), new byte[size]);
        for (var (position, held, isEnd) = (0, 0, false); !isEnd;)
        {
            var length = Math.Min(size - held, header.Length - position);
            Assert.True(length > 0);
            header.AsSpan(position, length).CopyTo(block.AsSpan(held));
            position += length;
            isEnd = position == header.Length;
            var seen = block.AsSpan(0, held + length);
            held = search.Observe(seen, isEnd);
            seen[^held..].CopyTo(block);
        }

        return (search["Subject"], search["From"]);
    }
}
