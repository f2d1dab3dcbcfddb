namespace MailServer.Host.Tests;

/// <summary>What the program says before it has touched a store.</summary>
public class CommandLineTests
{
    [Fact]
    public async Task Help_lists_commands_and_settings()
    {
        var (exitCode, output, errors) = await MailServerProcess.RunAsync(["--help"]);
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("serve", output, StringComparison.Ordinal);
        Assert.Contains("user", output, StringComparison.Ordinal);
        Assert.Contains("--pop3-listing <standard|detailed>", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_is_a_number()
    {
        var (exitCode, output, _) = await MailServerProcess.RunAsync(["--version"]);
        Assert.Equal(0, exitCode);
        Assert.True(Version.TryParse(output.Trim().Split('-')[0], out _), output);
    }

    [Theory]
    [InlineData("--bogus")]
    [InlineData("bogus")]
    [InlineData("user")]
    [InlineData("user add")]
    [InlineData("user add bob --password-stdin --no-password")]
    [InlineData("user add .bob --no-password")]
    [InlineData("user add bob")]
    [InlineData("user list --smtp 25")]
    [InlineData("--data a --data b")]
    [InlineData("--smtp")]
    [InlineData("--smtp 70000")]
    [InlineData("serve --registration nobody")]
    [InlineData("--config no-such-file.json")]
    public async Task Misuse_is_one_line_and_exit_code_2(string arguments)
    {
        var (exitCode, output, errors) = await MailServerProcess.RunAsync(arguments.Split(' '));
        Assert.Equal((2, ""), (exitCode, output));
        AssertOneLine(errors);
    }

    [Theory]
    [InlineData("--config", "--config  --data nowhere")]
    [InlineData("--tls-key is given without --tls-cert", "--tls-key key.pem")]
    [InlineData("--smtp 2525 and --pop3 2525 both name port 2525", "--smtp 2525 --pop3 2525")]
    [InlineData("--smtp 127.0.0.1:2525 and --smtp 127.0.0.1:2525 both name port 2525; leave one of them out", "--smtp 127.0.0.1:2525 --smtp 127.0.0.1:2525")]
    [InlineData("--smtp 127.0.0.1:2525 and --smtp *:2525 both name port 2525; leave one of them out", "--smtp 127.0.0.1:2525 --smtp 2526 --smtp *:2525")]
    [InlineData("--pop3 1100 and --pop3 [::1]:1100/tls both name port 1100; leave one of them out", "--pop3 1100 --pop3 [::1]:1100/tls")]
    [InlineData("--smtp *:2525 and --pop3 127.0.0.1:2525/tls both name port 2525", "--smtp *:2525 --pop3 127.0.0.1:2525/tls")]
    public async Task Settings_that_contradict_each_other_are_misuse(string reason, string arguments)
    {
        // As config reads them, which serves nobody.
        var (exitCode, output, errors) = await MailServerProcess.RunAsync(["config", .. arguments.Split(' ')]);
        Assert.Equal((2, ""), (exitCode, output));
        AssertOneLine(errors);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--data= config", "--data")]
    [InlineData("config --data=", "--data")]
    [InlineData("config --data:", "--data")]
    [InlineData("config --domain= --smtp 1", "--domain")]
    [InlineData("config --transcript=", "--transcript")]
    [InlineData("export --user= bob --format mbox out", "--user")]
    [InlineData("import --again= --user bob out", "--again")]
    public async Task An_option_without_its_value_takes_no_other_word_for_it(string arguments, string option)
    {
        var (exitCode, output, errors) = await MailServerProcess.RunAsync(arguments.Split(' '));
        Assert.Equal((2, ""), (exitCode, output));
        AssertOneLine(errors);
        Assert.Contains($"{option} has no value behind its sign; write the value there, or leave the option out", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[suggest:7]", "--data=", "")]
    [InlineData("[suggest:2]", "ex", "export")]
    [InlineData("[suggest:8]", "user pas", "password")]
    [InlineData("[suggest:5]", "--reg", "--registration")]
    public async Task A_shell_is_told_what_can_follow(string directive, string line, string suggestion)
    {
        var (exitCode, output, errors) = await MailServerProcess.RunAsync([directive, line]);
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal(suggestion, output.Trim());
    }

    internal static void AssertOneLine(string errors)
    {
        Assert.StartsWith("mailserver: ", errors, StringComparison.Ordinal);
        Assert.Equal(errors.Length - Environment.NewLine.Length, errors.IndexOf(Environment.NewLine, StringComparison.Ordinal));
    }
}
