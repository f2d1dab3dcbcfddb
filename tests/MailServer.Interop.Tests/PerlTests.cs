namespace MailServer.Interop.Tests;

public class PerlTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Program = "perl";

    private const string Send = """
        use strict; use warnings; use Net::SMTP;
        my ($mode, $port, $certificate, $user, $password, $sender, @recipients) = @ARGV;
        my @trust = (SSL_ca_file => $certificate, SSL_verify_mode => 1, SSL_verifycn_name => 'localhost');
        my $smtp = Net::SMTP->new('localhost', Port => $port, Hello => 'client.test', Timeout => 180, ($mode eq 'smtps' ? (SSL => 1, @trust) : ()))
            or die "cannot connect: $@";
        if ($mode eq 'starttls') { $smtp->starttls(@trust) or die $smtp->message }
        if ($user) { $smtp->auth($user, $password) or die $smtp->code . ' ' . $smtp->message }
        binmode STDIN;
        my @lines = <STDIN>;
        $smtp->mail($sender) or die $smtp->message;
        $smtp->recipient(@recipients) or die $smtp->message;
        $smtp->data(@lines) or die $smtp->message;
        $smtp->quit or die $smtp->message;
        """;

    private const string Fetch = """
        use strict; use warnings; use Net::POP3;
        my ($mode, $port, $certificate, $user, $password) = @ARGV;
        my @trust = (SSL_ca_file => $certificate, SSL_verify_mode => 1, SSL_verifycn_name => 'localhost');
        my $pop = Net::POP3->new('localhost', Port => $port, Timeout => 180, ($mode eq 'pop3s' ? (SSL => 1, @trust) : ())) or die "cannot connect: $@";
        if ($mode eq 'stls') { $pop->starttls(@trust) or die $pop->message }
        my $count = $pop->login($user, $password);
        defined $count or die 'login: ' . $pop->message;
        $count == 2 or die "count $count";
        my $sizes = $pop->list; my $ids = $pop->uidl;
        keys %$sizes == 2 && keys %$ids == 2 or die 'rows';
        $pop->uidl(2) eq $ids->{2} && $pop->list(1) == $sizes->{1} or die 'row';
        my $top = $pop->top(1, 0); $top->[-1] =~ /\A\r?\n\z/ or die 'top';
        $pop->delete(1) or die $pop->message;
        $pop->reset;
        $pop->ok or die $pop->message;
        my $lines = $pop->get(2) or die $pop->message;
        binmode STDOUT;
        print map { s/\r\n\z/\n/r } @$lines; # Over TLS the lines keep their CR.
        $pop->delete(2) or die $pop->message;
        $pop->quit or die $pop->message;
        """;

    [NeedsTheory(Program)]
    [InlineData("smtp", false, "ESMTP")]
    [InlineData("smtp", true, "ESMTPA")]
    public Task Sends_with_Net_SMTP(string mode, bool isLoggedIn, string protocol) => SendToTwoAsync(mode, isLoggedIn, protocol);

    [NeedsTheory("perl with TLS")]
    [InlineData("starttls", false, "ESMTPS")]
    [InlineData("starttls", true, "ESMTPSA")]
    [InlineData("smtps", true, "ESMTPSA")]
    public Task Sends_with_Net_SMTP_over_TLS(string mode, bool isLoggedIn, string protocol) => SendToTwoAsync(mode, isLoggedIn, protocol);

    private async Task SendToTwoAsync(string mode, bool isLoggedIn, string protocol)
    {
        var (bob, eve) = (await server.AddAccountAsync(), await server.AddAccountAsync());
        (await SendAsync(mode, isLoggedIn ? bob : null, isLoggedIn ? bob.Address : RunningServer.Sender, [bob.Address, eve.Address])).MustSucceed();
        Letters.MustBe(Letters.WithLongLines(), await server.ReadOnlyMessageAsync(bob), protocol);
        Letters.MustBe(Letters.WithLongLines(), await server.ReadOnlyMessageAsync(eve), protocol);
    }

    [NeedsFact(Program)]
    public Task Fetches_with_Net_POP3() => FetchSecondOfTwoAsync("pop3");

    [NeedsTheory("perl with TLS")]
    [InlineData("stls")]
    [InlineData("pop3s")]
    public Task Fetches_with_Net_POP3_over_TLS(string mode) => FetchSecondOfTwoAsync(mode);

    private async Task FetchSecondOfTwoAsync(string mode)
    {
        var bob = await server.AddAccountAsync();
        await server.DeliverAsync(bob, Letters.Plain());
        await server.DeliverAsync(bob, Letters.WithLongLines());
        var before = await server.ReadMailboxAsync(bob);
        var port = mode == "pop3s" ? server.Pop3s : server.Pop3;
        var outcome = (await server.RunAsync(Program, "-e", Fetch, mode, $"{port}", server.Certificate, bob.Name, bob.Password)).MustSucceed();
        Letters.MustEqual(Letters.WithBareLineFeeds(before[1]), outcome.Output);
        Letters.MustEqual(before[0], await server.ReadOnlyMessageAsync(bob));
    }

    [NeedsFact(Program)]
    public async Task Is_refused_with_a_wrong_password()
    {
        var bob = await server.AddAccountAsync();
        (await SendAsync("smtp", bob with { Password = "wrong" }, bob.Address, [bob.Address])).MustFail().MustSay("535");
        (await server.RunAsync(Program, "-e", Fetch, "pop3", $"{server.Pop3}", server.Certificate, bob.Name, "wrong")).MustFail().MustSay("[AUTH]");
    }

    private Task<Outcome> SendAsync(string mode, TestAccount? login, string from, string[] to) =>
        server.RunAsync(Program, ["-e", Send, mode, $"{(mode == "smtps" ? server.Smtps : server.Smtp)}", server.Certificate,
            login?.Name ?? "", login?.Password ?? "", from, .. to], Letters.WithLongLines());
}
