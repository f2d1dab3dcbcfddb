using System.Net;
using System.Net.Sockets;

namespace MailServer.Host.Tests;

/// <summary>What every command says to what it cannot use: one line with the cause and the remedy, and the right exit code.</summary>
public sealed class BadInputTests : IClassFixture<BadInputTests.Folder>
{
    private const int Failed = 1;
    private const int Misused = 2;

    private readonly Folder _folder;

    public BadInputTests(Folder folder) => _folder = folder;

    // {data} holds the account bob; {busy} is a port in use; {held} is the data directory of a running server.
    public static TheoryData<int, string, string> Table => new()
    {
        // The line itself.
        { Misused, "bogus", "'bogus'; mailserver --help" },
        { Misused, "--bogus", "'--bogus'; mailserver --help" },
        { Misused, "user", "Required command was not provided; mailserver --help" },
        { Misused, "--smtp 1 user list", "--smtp is an option of serve, not of list; leave it out" },

        // serve
        { Failed, "serve --data {file}", "is a file; choose another with --data" },
        { Failed, "serve --data {file}/below", "make it writable or choose another with --data" },
        { Failed, "serve --data {broken}", "is no mail store; restore a backup" },
        { Failed, "serve --data {held} --smtp 127.0.0.1:0 --pop3 127.0.0.1:0", "; stop it or choose another with --data" },
        { Failed, "serve --data {data} --smtp 127.0.0.1:{busy}", "the port is in use; stop the program that holds it or choose another with --smtp" },
        { Failed, "serve --data {data} --smtp 127.0.0.1:0 --pop3 127.0.0.1:{busy}", "choose another with --pop3" },
        { Failed, "serve --data {data} --smtp 192.0.2.1:2525", "this machine has no such address; choose another with --smtp" },
        { Failed, "serve --data {data} --tls-cert {missing}", "give PEM files that belong together" },
        { Failed, "serve --data {data} --tls-cert {file}", "give PEM files that belong together" },
        { Failed, "serve --data {data} --tls-cert {folder}", "folder is a folder; give PEM files that belong together" },
        { Failed, "serve --data {data} --tls-cert {file} --tls-key {folder}", "folder is a folder; give PEM files that belong together" },
        { Failed, "serve --data {data} --tls-cert {dangling}", "which is not there; give PEM files that belong together" },
        { Misused, "serve --data {data} --smtp 70000", "--smtp: " },
        { Misused, "serve --store maildir", "--store: 'maildir' is invalid: choose sqlite or memory" },
        { Misused, "serve --store postgresql://mail:secret@db/mail", "--store: 'postgresql://***' is invalid: this version has no store on a database server; choose sqlite or memory" },
        { Misused, "serve --registration nobody", "choose one of local, open, closed" },
        { Misused, "serve --config {missing}", "name a file that can be with --config" },
        { Misused, "serve --config {folder}", "folder is a folder; name a file that can be with --config" },
        { Misused, "serve --config {dangling}", "which is not there; name a file that can be with --config" },
        { Misused, "config --data {settings-folder}", "mailserver.json is a folder; name a file that can be with --config" },
        { Misused, "serve --config {file}", "line 1 is no JSON; write { \"key\": value, ... }" },
        { Misused, "serve --config {odd}", "there is no setting \"nonsense\"; mailserver --help lists them" },

        // user
        { Failed, "user add bob --no-password --data {data}", "bob exists already; mailserver user password changes" },
        { Misused, "user add a/b --no-password --data {data}", "A name is made of letters" },
        { Misused, "user add carol --data {data}", "use --password-stdin" },
        { Failed, "user remove nobody --data {data}", "there is no account nobody; mailserver user list" },
        { Failed, "user password nobody --password-stdin --data {data}", "there is no account nobody; mailserver user list" },
        { Failed, "user import {missing} --data {data}", "name a file with lines of name and password" },
        { Failed, "user import {folder} --data {data}", "folder is a folder; name a file with lines of name and password" },
        { Failed, "user import {dangling} --data {data}", "which is not there; name a file with lines of name and password" },
        { Failed, "user list --data {missing}", "there is no data directory" },
        { Failed, "user list --data {file}", "there is no data directory" },
        { Failed, "user list --data {broken}", "is no mail store; restore a backup" },

        // import and export
        { Misused, "import {file} --data {data}", "Option '--user' is required" },
        { Misused, "import --user bob --data {data}", "Required argument missing" },
        { Failed, "import --user nobody {file} --data {data}", "there is no account nobody; mailserver user list" },
        { Failed, "import --user bob {missing} --data {data}", "there is no " },
        { Failed, "import --user bob {file} --data {missing}", "there is no data directory" },
        { Misused, "export --user bob --format pst {missing} --data {data}", "--format: 'pst' is invalid: choose one of mbox, maildir, eml" },
        { Misused, "export --user bob --format  {missing} --data {data}", "--format: '' is invalid: choose one of mbox, maildir, eml" },
        { Failed, "export --user nobody --format mbox {missing} --data {data}", "there is no account nobody; mailserver user list" },
        { Failed, "export --user bob --format mbox {file} --data {data}", "it exists already; choose another" },
        { Failed, "export --user bob --format eml {folder} --data {data}", "the folder is not empty; choose another" },
        { Failed, "export --user bob --format mbox {folder} --data {data}", "it is a folder; choose another" },
        { Failed, "export --user bob --format eml {file} --data {data}", "it is a file; choose another" },
        { Failed, "export --user bob --format maildir {dangling} --data {data}", "which is not there; choose another" },
        { Failed, "export --user bob --format mbox {file}/below --data {data}", "file is no folder; choose another" },
        { Failed, "export --user bob --format maildir {file}/below/ --data {data}", "file is no folder; choose another" },
        { Failed, "export --user bob --format mbox {missing}/below --data {data}", "missing is not there; make it first, or choose another" },
        { Failed, "export --user bob --format eml {missing}/below/ --data {data}", "missing is not there; make it first, or choose another" },
        { Failed, "export --user bob --format maildir {dangling}/below --data {data}", "which is not there; choose another" },

        // backup, check, config and completion
        { Misused, "backup --data {data}", "Required argument missing" },
        { Failed, "backup {file} --data {data}", "exists already; --force replaces it" },
        { Failed, "backup {folder} --data {data}", "is a folder; name a file in it" },
        { Failed, "backup {missing}/below --data {data}", "missing is not there; make it first, or choose another" },
        { Failed, "backup {file}/below --data {data}", "file is no folder; choose another" },
        { Failed, "backup {missing} --data {missing}", "there is no data directory" },
        { Failed, "backup {missing} --data {broken}", "is no mail store; restore a backup" },
        { Failed, "restore {missing} --data {data}", "name what mailserver backup has written" },
        { Failed, "restore {folder} --data {missing}", "is no file; name what mailserver backup has written" },
        { Failed, "restore {file} --data {empty}", "name a file that mailserver backup has written" },
        { Failed, "restore {file} --data {empty} --store memory", "a store in memory is known to its server alone" },
        { Failed, "check --data {missing}", "there is no data directory" },
        { Failed, "check --store memory --data {data}", "a store in memory is known to its server alone" },
        { Failed, "backup {missing} --store memory --data {data}", "a store in memory is known to its server alone" },
        { Failed, "user list --store memory --data {data}", "a store in memory is known to its server alone" },
        { Failed, "user add carol --no-password --store memory --data {data}", "a store in memory is known to its server alone" },
        { Failed, "import --user bob {file} --store memory --data {data}", "a store in memory is known to its server alone" },
        { Failed, "export --user bob --format mbox {missing} --store memory --data {data}", "a store in memory is known to its server alone" },
        { Misused, "config --registration nobody", "choose one of local, open, closed" },
        // A double blank makes an empty argument.
        { Misused, "backup  --data {data}", "FILE must not be empty; mailserver --help" },
        { Misused, "restore  --data {empty}", "FILE must not be empty; mailserver --help" },
        { Misused, "export --user bob --format mbox  --data {data}", "PATH must not be empty; mailserver --help" },
        { Misused, "import --user bob {file}  --data {data}", "PATH must not be empty; mailserver --help" },
        { Misused, "user import  --data {data}", "FILE must not be empty; mailserver --help" },
        { Misused, "user add  --data {data}", "NAME must not be empty; mailserver --help" },
        { Misused, "completion ", "SHELL must not be empty; mailserver --help" },
        { Misused, "completion", "Required argument missing" },
        { Misused, "completion tcsh", "choose one of bash, zsh, fish" },
        { Misused, "config --config {missing}", "name a file that can be with --config" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task One_line_says_the_cause_and_the_remedy(int exitCode, string command, string words)
    {
        var arguments = command.Split(' ').Select(_folder.Fill).ToArray();
        var (code, output, errors) = await MailServerProcess.RunAsync(arguments);

        CommandLineTests.AssertOneLine(errors);
        Assert.Contains(words, errors, StringComparison.Ordinal);
        Assert.Equal(exitCode, code);

        // A server that has begun to start may have logged something by then.
        if (arguments[0] != "serve")
            Assert.Equal("", output);
    }

    /// <summary>Good and bad files, a running server and a port in use.</summary>
    public sealed class Folder : IAsyncLifetime, IDisposable
    {
        private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mailserver-bad-input-");
        private readonly TcpListener _busy = new(IPAddress.Loopback, 0);
        private MailServerProcess? _server;

        public async Task InitializeAsync()
        {
            _busy.Start();
            await MailServerProcess.RunAsync(["user", "add", "bob", "--no-password", "--data", At("data")]);
            await File.WriteAllTextAsync(At("file"), "neither mail nor settings");
            await File.WriteAllTextAsync(At("odd"), """{ "nonsense": 1 }""");
            _root.CreateSubdirectory("settings-folder/mailserver.json");
            File.CreateSymbolicLink(At("dangling"), At("nowhere"));
            foreach (var folder in new[] { "folder", "broken" })
                await File.WriteAllTextAsync(Path.Combine(_root.CreateSubdirectory(folder).FullName, "mail.db"), new string('x', 8192));
            _server = MailServerProcess.Start("--data", At("held"), "--smtp", "127.0.0.1:0", "--pop3", "127.0.0.1:0");
            await _server.WaitUntilListeningAsync("POP3");
        }

        public Task DisposeAsync() => Task.CompletedTask;

        public void Dispose()
        {
            _server?.Dispose();
            _busy.Dispose();
            _root.Delete(recursive: true);
        }

        /// <summary>A word of the table with its names in braces replaced.</summary>
        public string Fill(string word) => word
            .Replace("{busy}", $"{((IPEndPoint)_busy.LocalEndpoint).Port}", StringComparison.Ordinal)
            .Replace("{", _root.FullName + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            .Replace("}", "", StringComparison.Ordinal);

        private string At(string name) => Path.Combine(_root.FullName, name);
    }
}
