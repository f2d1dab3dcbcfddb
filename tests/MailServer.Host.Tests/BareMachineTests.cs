namespace MailServer.Host.Tests;

/// <summary>Machines on which something is missing that most have: containers, routers, rescue systems.</summary>
public sealed class BareMachineTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("mailserver-bare-");

    public void Dispose() => _data.Delete(recursive: true);

    [Theory]
    [InlineData("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1")]
    [InlineData("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0")]

    // A version of ICU that no machine has.
    [InlineData("DOTNET_SYSTEM_GLOBALIZATION_APPLOCALICU=999.9")]
    public async Task A_name_in_any_spelling_is_one_account_with_ICU_and_without(string variable)
    {
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal((0, "", ""), await MailServerProcess.RunBehindAsync(["env", variable], "user", "add", "Zoe\u0308", "--no-password", "--data", _data.FullName));

        foreach (var same in new[] { "zo\u00eb", "ZOE\u0308" })
        {
            var (exitCode, _, errors) = await MailServerProcess.RunBehindAsync(["env", variable], "user", "add", same, "--no-password", "--data", _data.FullName);
            Assert.Equal(1, exitCode);
            Assert.Contains("exists already", errors, StringComparison.Ordinal);
        }
    }

    [OtherUserFact]
    public async Task A_user_without_a_home_and_a_line_in_passwd_may_run_the_server()
    {
        var data = OtherUser.CreateFolder();
        try
        {
            using var server = MailServerProcess.StartBehind(OtherUser.As, "--data", data.FullName, "--smtp", "0", "--pop3", "0");
            await server.WaitUntilListeningAsync("POP3");
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }
}
