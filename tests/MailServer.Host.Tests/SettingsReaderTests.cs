using MailServer.Core.Accounts;
using MailServer.Core.Sessions;
using MailServer.Settings;

namespace MailServer.Host.Tests;

public sealed class SettingsReaderTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mailserver-settings-");

    private string FilePath => Path.Combine(_directory.FullName, "mailserver.json");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Without_settings_there_are_the_defaults()
    {
        var settings = Read();
        Assert.Equal(["localhost"], settings.ServedDomains.Except([settings.Hostname]));
        Assert.Empty(settings.Smtp);
        Assert.Equal(RegistrationPolicy.Local, settings.Registration);
        Assert.Equal(new MailLimits(), settings.Limits);
        Assert.Equal(11, settings.BcryptCost);
        Assert.Null(settings.CatchAll);
    }

    [Fact]
    public void The_command_line_wins_then_the_environment_then_the_file()
    {
        WriteFile("""{ "hostname": "file", "recipients": 3, "hops": 5 }""");
        var settings = Read(
            commandLine: new() { ["--hostname"] = ["line"] },
            environment: new() { ["MAILSERVER_HOSTNAME"] = ["variable"], ["MAILSERVER_RECIPIENTS"] = ["4"] });
        Assert.Equal("line", settings.Hostname);
        Assert.Equal(4, settings.Limits.Recipients);
        Assert.Equal(5, settings.Limits.Hops);
    }

    [Fact]
    public void The_store_is_a_setting_like_every_other()
    {
        Assert.Equal("sqlite", Read().Store);
        WriteFile("""{ "store": "memory" }""");
        Assert.Equal("memory", Read().Store);
        Assert.Equal("sqlite", Read(environment: new() { ["MAILSERVER_STORE"] = ["sqlite"] }).Store);
    }

    [Fact]
    public void A_file_may_hold_comments_lists_and_trailing_commas()
    {
        WriteFile("""
            {
              // who we are
              "domain": ["example.org", "example.net",],
              "smtp": 2525, /* one may stand alone */
              "pop3": ["localhost:1100", "[::1]:1101"],
              "transcript": true,
              "pop3Listing": "detailed",
              "catchAll": "bob",
              "messageSize": "64k",
              "smtpIdle": "90s",
            }
            """);
        var settings = Read();
        Assert.Equal(["example.org", "example.net"], settings.ServedDomains);
        Assert.Equal(["2525"], settings.Smtp.Select(endPoint => endPoint.Text));
        Assert.Equal(2, settings.Pop3.Count);
        Assert.True(settings.Transcript);
        Assert.Equal(Pop3Listing.Detailed, settings.Pop3Listing);
        Assert.Equal("bob", settings.CatchAll?.Text);
        Assert.Equal(65_536, settings.Limits.MessageSize);
        Assert.Equal(TimeSpan.FromSeconds(90), settings.Limits.SmtpIdle);
    }

    [Theory]
    [InlineData("a.org,b.org")]
    [InlineData("a.org;b.org")]
    [InlineData(" a.org ; b.org, ")]
    public void A_variable_holds_several_values_between_commas_or_semicolons(string text) =>
        Assert.Equal(["a.org", "b.org"], Read(environment: new() { ["MAILSERVER_DOMAIN"] = [text] }).ServedDomains);

    [Fact]
    public void An_empty_variable_counts_as_none() =>
        Assert.Empty(Read(environment: new() { ["MAILSERVER_SMTP"] = [""] }).Smtp);

    [Theory]
    [InlineData("smtp")]
    [InlineData("pop3")]
    [InlineData("domain")]
    public void A_list_of_nothing_is_refused(string name)
    {
        foreach (var text in new[] { ",", " ; ,, " })
        {
            var variable = "MAILSERVER_" + name.ToUpperInvariant();
            var fault = Assert.Throws<SettingFault>(() => Read(environment: new() { [variable] = [text] }));
            Assert.StartsWith($"{variable} names nothing; name at least one, or leave it out for ", fault.Message, StringComparison.Ordinal);
        }

        Assert.Throws<SettingFault>(() => Read(commandLine: new() { ["--" + name] = [] }));
        WriteFile($"{{ \"{name}\": [] }}");
        Assert.StartsWith($"{FilePath}: {name} names nothing", Assert.Throws<SettingFault>(() => Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_may_be_named()
    {
        var path = Path.Combine(_directory.FullName, "other.json");
        File.WriteAllText(path, """{ "hostname": "other", "data": "elsewhere" }""");
        WriteFile("""{ "hostname": "not.this.one" }""");
        var settings = Read(commandLine: null, environment: new() { ["MAILSERVER_CONFIG"] = [path] }, data: null);
        Assert.Equal("other", settings.Hostname);
        Assert.Equal("elsewhere", settings.DataDirectory);
    }

    [Theory]
    [InlineData("hostname", "mail server", "ASCII letters")]
    [InlineData("hostname", "b\u00FCcher.example", "ASCII letters")]
    [InlineData("hostname", "mail..test", "ASCII letters")]
    [InlineData("domain", "a@b", "a domain")]
    [InlineData("smtp", "70000", "[ADDR:]PORT")]
    [InlineData("registration", "nobody", "local, open, closed")]
    [InlineData("registration", "1", "local, open, closed")]
    [InlineData("pop3-listing", "Detailed", "standard, detailed")]
    [InlineData("catch-all", ".bob", "account's name")]
    [InlineData("transcript", "yes", "true or false")]
    [InlineData("bcrypt-cost", "3", "from 4 to 15")]
    [InlineData("bcrypt-cost", "16", "from 4 to 15")]
    [InlineData("recipients", "0", "from 1")]
    [InlineData("recipients", "1e3", "from 1")]
    [InlineData("message-size", "1023", "50M")]
    [InlineData("message-size", "9999999999999M", "50M")]
    [InlineData("message-size", "50G", "50M")]
    [InlineData("smtp-idle", "0", "90s")]
    [InlineData("smtp-idle", "25h", "90s")]
    public void A_bad_value_is_named_with_what_would_be_right(string name, string value, string right)
    {
        var setting = SettingTable.Rows.Single(row => row.Name == name);
        var fromLine = Assert.Throws<SettingFault>(() => Read(commandLine: new() { [setting.Option] = [value] }));
        var fromVariable = Assert.Throws<SettingFault>(() => Read(environment: new() { [setting.Variable] = [value] }));
        Assert.StartsWith($"--{name}: '{value}'", fromLine.Message, StringComparison.Ordinal);
        Assert.StartsWith($"{setting.Variable}: '{value}'", fromVariable.Message, StringComparison.Ordinal);
        Assert.Contains(right, fromLine.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "hostnmae": "x" }""", "hostnmae")]
    [InlineData("""{ "pop3-listing": "detailed" }""", "pop3Listing")]
    [InlineData("""{ "config": "x" }""", "config")]
    [InlineData("""{ "hostname": true }""", "hostname: 'true' is invalid: write a text or a number")]
    [InlineData("""{ "hostname": ["a"] }""", "hostname: a list is invalid: write a text or a number")]
    [InlineData("""{ "hostname": null }""", "hostname: 'null' is invalid: write a text or a number, or leave the key out")]
    [InlineData("""{ "hostname": { "name": "a" } }""", "hostname: an object is invalid: write a text or a number")]
    [InlineData("""{ "transcript": "true" }""", "transcript: 'true' is invalid: choose true or false, without quotation marks")]
    [InlineData("""{ "authWithoutTls": "yes" }""", "authWithoutTls: 'yes' is invalid: choose true or false, without quotation marks")]
    [InlineData("""{ "authWithoutTls": 1 }""", "authWithoutTls: '1' is invalid: choose true or false")]
    [InlineData("""{ "authWithoutTls": null }""", "authWithoutTls: 'null' is invalid: choose true or false, or leave the key out")]
    [InlineData("""{ "authWithoutTls": [true] }""", "authWithoutTls: a list is invalid: choose true or false")]
    [InlineData("""{ "smtp": [true] }""", "smtp: 'true' is invalid: write a text or a number, or a list of them")]
    [InlineData("""{ "smtp": [[25]] }""", "smtp: a list within a list is invalid: write a text or a number, or a list of them")]
    [InlineData("""{ "smtp": {} }""", "smtp: an object is invalid: write a text or a number, or a list of them")]
    [InlineData("""{ "hostname": "a\nb" }""", "hostname: 'a?b' is invalid: write a name")]
    [InlineData("""{ "host\nname": "a" }""", "there is no setting \"host?name\"")]
    [InlineData("""{ "hostname": "\ud800" }""", "hostname: what stands there is no Unicode text: write a text or a number")]
    [InlineData("""{ "\ud800": "a" }""", "a key that is no Unicode text")]
    [InlineData("""{ "tlsCert": "a\u0000b" }""", "tlsCert: 'a?b' is invalid: no name of a file holds a NUL")]
    [InlineData("""{ "recipients": 1.5 }""", "recipients: '1.5' is invalid")]
    [InlineData("""{ "hops": 1, "hops": 2 }""", "twice")]
    [InlineData("[]", "one object")]
    [InlineData("", "line 1 is no JSON")]
    [InlineData("{\n\"hostname\": mail }", "line 2 is no JSON")]
    public void What_is_wrong_in_the_file_is_said_with_its_path(string text, string problem)
    {
        WriteFile(text);
        var fault = Assert.Throws<SettingFault>(() => Read());
        Assert.StartsWith(FilePath, fault.Message, StringComparison.Ordinal);
        Assert.Contains(problem, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void A_named_file_must_be_there() =>
        Assert.Throws<SettingFault>(() => Read(commandLine: new() { ["--config"] = [FilePath] }));

    [Fact]
    public void Every_setting_has_names_of_its_own()
    {
        var rows = SettingTable.Rows;
        Assert.Equal(rows.Count, rows.Select(row => row.Key).Distinct().Count());
        Assert.Equal("pop3Listing", rows.Single(row => row.Name == "pop3-listing").Key);
        Assert.Equal("MAILSERVER_POP3_LISTING", rows.Single(row => row.Name == "pop3-listing").Variable);
        Assert.Equal("connectionsPerAddress", rows.Single(row => row.Name == "connections-per-address").Key);
    }

    private void WriteFile(string text) => File.WriteAllText(FilePath, text);

    private ServerSettings Read(
        Dictionary<string, string[]>? commandLine = null, Dictionary<string, string[]>? environment = null) =>
        Read(commandLine, environment, _directory.FullName);

    private static ServerSettings Read(
        Dictionary<string, string[]>? commandLine, Dictionary<string, string[]>? environment, string? data)
    {
        var line = new Dictionary<string, string[]>(commandLine ?? []);
        if (data is not null)
            line["--data"] = [data];
        var variables = new EnvironmentSettings(name => environment?.GetValueOrDefault(name)?[0]);
        return new SettingsReader(new CommandLineStandIn(line), variables).Read();
    }

    private sealed class CommandLineStandIn(Dictionary<string, string[]> values) : ISettingSource
    {
        public string Name => "command line";

        public string NameOf(Setting setting) => setting.Option;

        public IReadOnlyList<string>? Values(Setting setting) => values.GetValueOrDefault(setting.Option);
    }
}
