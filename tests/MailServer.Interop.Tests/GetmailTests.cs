namespace MailServer.Interop.Tests;

public sealed class GetmailTests : IClassFixture<RunningServer>, IDisposable
{
    private const string Program = "getmail";

    private readonly RunningServer _server;
    private readonly DirectoryInfo _inbox = Directory.CreateTempSubdirectory("mailserver-inbox-");

    public GetmailTests(RunningServer server)
    {
        _server = server;

        foreach (var folder in new[] { _inbox, _inbox.CreateSubdirectory("cur"), _inbox.CreateSubdirectory("new"), _inbox.CreateSubdirectory("tmp") })
            LetEverybodyWrite(folder.FullName);
    }

    [NeedsTheory(Program)]
    [InlineData(false)]
    [InlineData(true)]
    public Task Fetches_into_a_Maildir(bool isDeleting) => FetchIntoMaildirAsync("SimplePOP3Retriever", isDeleting);

    [NeedsTheory("getmail with TLS")]
    [InlineData(false)]
    [InlineData(true)]
    public Task Fetches_over_TLS_into_a_Maildir(bool isDeleting) => FetchIntoMaildirAsync("SimplePOP3SSLRetriever", isDeleting);

    private async Task FetchIntoMaildirAsync(string retriever, bool isDeleting)
    {
        var (bob, folder) = (await _server.AddAccountAsync(), _server.AddFolder());
        await _server.DeliverAsync(bob, Letters.WithLongLines());
        var stored = await _server.ReadMailboxAsync(bob);

        (await FetchAsync(bob, bob.Password, folder, retriever, isDeleting)).MustSucceed();
        var fetched = Assert.Single(Fetched);
        Letters.MustEqual(Letters.WithBareLineFeeds(stored[0]), await File.ReadAllBytesAsync(fetched));
        Assert.Equal(isDeleting ? [] : stored, await _server.ReadMailboxAsync(bob));
    }

    [NeedsFact(Program)]
    public async Task Fetches_only_what_is_new_when_it_keeps_mail()
    {
        var (bob, folder) = (await _server.AddAccountAsync(), _server.AddFolder());
        await _server.DeliverAsync(bob, Letters.Plain("One"));
        await _server.DeliverAsync(bob, Letters.Plain("Two"));
        (await FetchAsync(bob, bob.Password, folder)).MustSucceed();
        Assert.Equal(2, Fetched.Length);
        await _server.DeliverAsync(bob, Letters.Plain("Three"));
        (await FetchAsync(bob, bob.Password, folder)).MustSucceed();
        Assert.Equal(3, Fetched.Length);
        Assert.Equal(3, (await _server.ReadMailboxAsync(bob)).Count);
    }

    [NeedsFact(Program)]
    public async Task Is_refused_with_a_wrong_password()
    {
        var bob = await _server.AddAccountAsync();
        (await FetchAsync(bob, "wrong", _server.AddFolder())).MustFail().MustSay("-ERR [AUTH]");
    }

    public void Dispose() => _inbox.Delete(recursive: true);

    private string[] Fetched => Directory.GetFiles(Path.Combine(_inbox.FullName, "new"));

    private async Task<Outcome> FetchAsync(
        TestAccount account, string password, string folder, string retriever = "SimplePOP3Retriever", bool isDeleting = false)
    {
        // getmail does not write as root. The user that its settings could name is another process of its, whose end it may miss: it would
        // wait for it for ever. So all of it runs as somebody else, with files that he can read.
        var home = _inbox.CreateSubdirectory(Path.GetFileName(folder)).FullName;
        LetEverybodyWrite(home);
        var isEncrypted = retriever.Contains("SSL", StringComparison.Ordinal);
        if (isEncrypted)
            File.Copy(_server.Certificate, Path.Combine(home, "cert.pem"), overwrite: true);
        await File.WriteAllTextAsync(Path.Combine(home, "rc"), $"""
            [retriever]
            type = {retriever}
            server = localhost
            timeout = {HangGuard.Seconds}
            port = {(isEncrypted ? _server.Pop3s : _server.Pop3)}
            username = {account.Name}
            password = {password}
            {(isEncrypted ? $"ca_certs = {Path.Combine(home, "cert.pem")}" : "")}
            [destination]
            type = Maildir
            path = {_inbox.FullName}/
            [options]
            delete = {isDeleting}
            read_all = false
            delivered_to = false
            received = false
            verbose = 2
            """);
        LetEverybodyWrite(Path.Combine(home, "rc"));
        if (isEncrypted)
            LetEverybodyWrite(Path.Combine(home, "cert.pem"));
        string[] arguments = ["--getmaildir", home, "--rcfile", "rc"];
        return Environment.IsPrivilegedProcess
            ? await _server.RunAsync("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", Program, .. arguments], [], home)
            : await _server.RunAsync(Program, arguments, [], home);
    }

    private static void LetEverybodyWrite(string path)
    {
        const UnixFileMode Everybody = (UnixFileMode)0b111_111_111;
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
            File.SetUnixFileMode(path, Everybody);
    }
}
