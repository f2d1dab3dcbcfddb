using System.Text;
using MailKit.Net.Pop3;
using MailKit.Security;

namespace MailServer.Interop.Tests;

/// <summary>
/// A mailbox of <see cref="HostileLetters"/>, as programs fetch it: whatever a message says, each message is what was sent, and the
/// next one is the next one.
/// </summary>
public class HostileMailboxTests(RunningServer server) : IClassFixture<RunningServer>
{
    // The one option raises the library's own limit of a line, which is 2,048 octets.
    private const string Poplib = """
        import poplib, sys
        poplib._MAXLINE = 1 << 20
        pop = poplib.POP3('127.0.0.1', int(sys.argv[1]))
        pop.user(sys.argv[2])
        pop.pass_(sys.argv[3])
        count = pop.stat()[0]
        sizes = [int(row.split()[1]) for row in pop.list()[1]]
        for number in range(1, count + 1):
            lines = pop.retr(number)[1]
            assert sum(len(line) + 2 for line in lines) == sizes[number - 1], number
            assert pop.top(number, 1 << 30)[1] == lines, number
            open('mail.%02d' % number, 'wb').write(b''.join(line + b'\r\n' for line in lines))
        pop.quit()
        """;

    private const string NetPop3 = """
        use strict; use warnings; use Net::POP3;
        my ($port, $user, $password) = @ARGV;
        my $pop = Net::POP3->new('127.0.0.1', Port => $port, Timeout => 180) or die "cannot connect: $@";
        my $count = $pop->login($user, $password) or die 'login: ' . $pop->message;
        for my $number (1 .. $count) {
            my $lines = $pop->get($number) or die $pop->message;
            open my $file, '>:raw', sprintf('mail.%02d', $number) or die $!;
            print $file @$lines;
            close $file or die $!;
        }
        $pop->quit or die $pop->message;
        """;

    [NeedsFact("python3")]
    public async Task Poplib_stays_in_step()
    {
        var (bob, folder) = await FillAsync();
        (await server.RunAsync("python3", ["-c", Poplib, $"{server.Pop3}", bob.Name, bob.Password], [], folder)).MustSucceed();
        MustBeInOrder(ReadFiles(folder, "mail.*"), stored => stored);
    }

    [NeedsFact("perl")]
    public async Task Net_POP3_stays_in_step()
    {
        var (bob, folder) = await FillAsync();
        (await server.RunAsync("perl", ["-e", NetPop3, $"{server.Pop3}", bob.Name, bob.Password], [], folder)).MustSucceed();
        MustBeInOrder(ReadFiles(folder, "mail.*"), Letters.WithBareLineFeeds);
    }

    [NeedsFact("mpop")]
    public async Task Mpop_stays_in_step()
    {
        var (bob, folder) = await FillAsync();
        await ClientProcess.WriteSettingsAsync(Path.Combine(folder, "rc"), $"""
            account default
            host 127.0.0.1
            port {server.Pop3}
            user {bob.Name}
            password "{bob.Password}"
            tls off
            auth user
            received_header off
            uidls_file {folder}/uidls
            delivery mda "cat > $(mktemp mail.XXXXXX)"

            """);
        (await server.RunAsync("mpop", ["-C", "rc", "--timeout", $"{HangGuard.Seconds}"], [], folder)).MustSucceed();
        MustBeAll(ReadFiles(folder, "mail.*"));
        Assert.Empty(await server.ReadMailboxAsync(bob));
    }

    [NeedsFact("fetchmail")]
    public async Task Fetchmail_stays_in_step()
    {
        var (bob, folder) = await FillAsync();
        await ClientProcess.WriteSettingsAsync(Path.Combine(folder, "rc"), $"""
            set no bouncemail
            poll localhost protocol pop3 port {server.Pop3} uidl
            user "{bob.Name}" password "{bob.Password}" is me here
            mda "cat > $(mktemp mail.XXXXXX)" no rewrite sslcertfile "{server.Certificate}"

            """);
        (await server.RunAsync("fetchmail", ["-v", "--nosyslog", "--nodetach", "--pidfile", "pid", "--idfile", "ids", "-f", "rc"], [], folder)).MustSucceed();

        // It writes octets of its own into a line that is longer than its buffer of 8,192; but it stays in step.
        MustBeAll(ReadFiles(folder, "mail.*"), cutsLongLines: true);
        Assert.Empty(await server.ReadMailboxAsync(bob));
    }

    [Fact]
    public async Task MailKit_stays_in_step()
    {
        var (bob, _) = await FillAsync();
        using var pop3 = new Pop3Client { Timeout = 1000 * HangGuard.Seconds };
        await pop3.ConnectAsync(RunningServer.Address, server.Pop3, SecureSocketOptions.None);
        await pop3.AuthenticateAsync(bob.Name, bob.Password);
        var sizes = await pop3.GetMessageSizesAsync();
        var fetched = new List<byte[]>();
        foreach (var stream in await pop3.GetStreamsAsync(0, pop3.Count))
        {
            using var octets = new MemoryStream();
            await stream.CopyToAsync(octets);
            fetched.Add(octets.ToArray());
        }

        await pop3.DisconnectAsync(quit: true);
        Assert.Equal(sizes, fetched.Select(message => message.Length));
        MustBeInOrder(fetched, stored => stored);
    }

    // Each letter comes twice: as a chunk, and by DATA.
    private async Task<(TestAccount Account, string Folder)> FillAsync()
    {
        var bob = await server.AddAccountAsync();
        foreach (var letter in HostileLetters.Sent)
        {
            await server.DeliverChunkAsync(bob, letter);
            await server.DeliverAsync(bob, HostileLetters.WithLastLineEnd(letter));
        }

        return (bob, server.AddFolder());
    }

    private static List<byte[]> ReadFiles(string folder, string pattern) =>
        [.. Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static List<byte[]> Expected() => [.. HostileLetters.Sent.SelectMany(sent => Enumerable.Repeat(HostileLetters.Stored(sent), 2))];

    private static void MustBeInOrder(List<byte[]> fetched, Func<byte[], byte[]> asWritten)
    {
        var expected = Expected();
        for (var index = 0; index < Math.Min(expected.Count, fetched.Count); index++)
            MustEndWith(asWritten(expected[index]), fetched[index], $"message {index + 1}");
        Assert.Equal(expected.Count, fetched.Count);
    }

    // Files of a program that names them by chance, with line feeds.
    private static void MustBeAll(List<byte[]> fetched, bool cutsLongLines = false)
    {
        var expected = Expected().Select(Letters.WithBareLineFeeds).ToList();
        foreach (var letter in expected)
        {
            var subject = letter[..(letter.AsSpan().IndexOf((byte)'\n') + 1)];
            var index = fetched.FindIndex(message => message.AsSpan().IndexOf(subject) >= 0);
            Assert.True(index >= 0, $"There is none with {Encoding.Latin1.GetString(subject)}");
            if (!cutsLongLines || letter.Length < 70_000)
                MustEndWith(letter, fetched[index], Encoding.Latin1.GetString(subject));
            fetched.RemoveAt(index);
        }

        Assert.Empty(fetched);
    }

    // Above it is our own header, and what the program may have added.
    private static void MustEndWith(byte[] letter, byte[] fetched, string name)
    {
        var from = fetched.AsSpan().IndexOf(letter.AsSpan(0, letter.AsSpan().IndexOf((byte)'\n') + 1));
        Assert.True(from >= 0, $"{name} is another");
        Letters.MustEqual(letter, fetched[from..]);
        Assert.Contains("Received: from client.test", Encoding.Latin1.GetString(fetched, 0, from), StringComparison.Ordinal);
    }
}
