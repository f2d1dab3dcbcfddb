using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using MailServer.Core.Mail;
using MailServer.Core.Pop3;
using MailServer.Core.Pop3.Bodies;
using MailServer.Core.Sessions;
using MailServer.Testing;

namespace MailServer.Core.Tests;

/// <summary>What a client sends or asks for is never held as a whole, and takes no more than linear time.</summary>
public sealed class BoundedMemoryTests
{
    private const int Block = 64 * 1024;

    [Theory]
    [InlineData]
    [InlineData("EHLO client.test")]
    [InlineData("EHLO client.test", "AUTH PLAIN")]
    [InlineData("EHLO client.test", "MAIL FROM:<a@b.test>", "RCPT TO:<bob>", "DATA")]
    [InlineData("EHLO client.test", "MAIL FROM:<a@b.test>", "RCPT TO:<bob>", "DATA", "Subject: x", "")]
    public async Task An_SMTP_session_leaves_nothing_of_a_line_without_an_end_in_the_buffer(params string[] lines)
    {
        var conversation = Conversation.Smtp();
        await conversation.AddAccountAsync("bob", null);
        await conversation.SayAsync(lines);
        await AssertHoldsNothingAsync(conversation.Session);
    }

    [Theory]
    [InlineData]
    [InlineData("USER bob")]
    [InlineData("AUTH PLAIN")]
    [InlineData("USER bob", "PASS secret")]
    public async Task A_POP3_session_leaves_nothing_of_a_line_without_an_end_in_the_buffer(params string[] lines)
    {
        var conversation = Conversation.Pop3();
        await conversation.AddAccountAsync("bob", "secret");
        await conversation.SayAsync(lines);
        await AssertHoldsNothingAsync(conversation.Session);
    }

    [Theory]
    [InlineData("RETR 1")]
    [InlineData("RETR")]
    [InlineData("TOP 1 999999999")]
    [InlineData("LIST")]
    [InlineData("UIDL")]
    [InlineData("LIST", Pop3Listing.Detailed)]
    public async Task An_answer_of_any_length_is_sent_in_pieces(string command, Pop3Listing listing = Pop3Listing.Standard)
    {
        var conversation = Conversation.Pop3(listing);
        await conversation.AddAccountAsync("bob", "secret");
        var account = await conversation.Store.FindAsync(Accounts.AccountName.TryParse("bob")!, default);
        for (var i = 0; i < 20_000; i++)
        {
            await using var writer = conversation.Store.Begin(new Envelope(null, [account!], DateTimeOffset.UnixEpoch));
            writer.Write(i == 0 ? Encoding.ASCII.GetBytes("Subject: x\r\n\r\n" + new string('x', 5_000_000) + "\r\n") : "Subject: y\r\n\r\n"u8.ToArray());
            await writer.CommitAsync(default);
        }

        await conversation.SayAsync("USER bob", "PASS secret");
        var output = new WatchedOutput();
        await conversation.Session.ReceiveAsync(new(Encoding.ASCII.GetBytes(command + "\r\n")), output, default);

        Assert.InRange(output.Total, 150_000, long.MaxValue);
        Assert.InRange(output.Highest, 1, Math.Min(512 * 1024, output.Total / 2));
    }

    [Fact]
    public void A_header_of_a_million_fields_or_folds_takes_linear_time()
    {
        // Anything quadratic would need hours for these; a NUL in a field's name is passed over.
        var fields = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("X\0: y\r\n", 1_000_000)) + "Subject: last\r\n\r\n");
        var folds = Encoding.ASCII.GetBytes("Subject:\r\n" + string.Concat(Enumerable.Repeat(" x\r\n", 1_000_000)) + "\r\n");
        var header = new HeaderLines();
        var output = new ArrayBufferWriter<byte>();
        header.Write(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("X : y\r\n z\r\n", 1_000_000))), output);
        Assert.Equal((0, false), (header.Received, header.HasEnded));
        Assert.Equal("last", HeaderFields.Find(fields, "Subject"));
        Assert.Equal(fields.Length, new TopFilter(0).Take(fields));
        Assert.Equal(1_999_999, HeaderFields.Find(folds, "Subject")!.Length);
        Assert.Equal(folds.Length, new TopFilter(0).Take(folds));
    }

    [Fact]
    public async Task Nothing_holds_a_session_whose_login_was_broken_off()
    {
        var ended = await BreakOffAsync();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.All(ended, session => Assert.False(session.IsAlive));
    }

    [Fact]
    public void The_totals_of_a_maildrop_over_4_GiB_are_right()
    {
        var view = new MaildropView([new(3L << 30, false), new(3L << 30, false)]);
        Assert.Equal(6L << 30, view.Octets);
        view.MarkDeleted(0);
        Assert.Equal(3L << 30, view.Octets);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<List<WeakReference>> BreakOffAsync()
    {
        var ended = new List<WeakReference>();
        for (var i = 0; i < 100; i++)
        {
            var conversation = i % 2 == 0 ? Conversation.Smtp() : Conversation.Pop3();
            await conversation.SayAsync("EHLO client.test", "AUTH PLAIN", "*", "AUTH LOGIN", "Ym9i");
            await conversation.Session.DisposeAsync();
            ended.Add(new(conversation.Session));
        }

        return ended;
    }

    private static async Task AssertHoldsNothingAsync(IProtocolSession session)
    {
        var limits = new MailLimits();
        var held = 0L;
        for (var sent = 0L; sent < 8 * limits.UnendedLine && session.Wants == SessionWants.Input; sent += Block)
        {
            var input = new ReadOnlySequence<byte>(Enumerable.Repeat((byte)'x', (int)held + Block).ToArray());
            while (session.Wants == SessionWants.Input && !input.IsEmpty)
            {
                var reached = await session.ReceiveAsync(input, PipeWriter.Create(Stream.Null), default);
                var left = input.Slice(reached);
                if (left.Length == input.Length)
                    break;
                input = left;
            }

            held = input.Length;
            Assert.InRange(held, 0, limits.AuthLine);
        }
    }

    private sealed class WatchedOutput : PipeWriter
    {
        private readonly ArrayBufferWriter<byte> _pending = new();

        public long Total { get; private set; }

        public long Highest { get; private set; }

        public override bool CanGetUnflushedBytes => true;

        public override long UnflushedBytes => _pending.WrittenCount;

        public override void Advance(int bytes)
        {
            _pending.Advance(bytes);
            Total += bytes;
            Highest = Math.Max(Highest, UnflushedBytes);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => _pending.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => _pending.GetSpan(sizeHint);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            _pending.ResetWrittenCount();
            return ValueTask.FromResult(default(FlushResult));
        }

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
