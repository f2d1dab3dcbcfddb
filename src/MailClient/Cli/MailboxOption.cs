using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MailClient.Mailbox;
using MailClient.Net;
using MailClient.Screens;

namespace MailClient.Cli;

/// <summary>What the commands that open a mailbox have in common.</summary>
internal static class MailboxOption
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static Option<string> Pop3() => new("--pop3") { HelpName = "HOST:PORT", Description = "the server that has the mailbox", Required = true };

    public static Option<bool> Json() => new("--json") { Description = "write JSON, with texts as the sender wrote them" };

    public static Argument<int> Number() => new("N")
    {
        Description = "the message's number in the list",
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                return number;
            result.AddError($"'{result.Tokens[0].Value}' is no message's number; mailclient list shows them");
            return 0;
        },
    };

    /// <summary>Opens a mailbox, and leaves it after the work, which carries deletions out. What fails deletes nothing.</summary>
    public static async Task<int> RunAsync(ConnectionOptions options, ParseResult parsed, Option<string> pop3, Func<OpenMailbox, IScreen, Task> workAsync)
    {
        var server = ServerAddress.Parse(parsed.GetValue(pop3)!);
        var screen = ScreenChoice.OpenForCommand();
        var credentials = options.Credentials(parsed, screen);
        var dialogue = await options.Connector(parsed, screen).OpenPop3Async(server, credentials);
        await using var mailbox = new OpenMailbox(dialogue, new SeenMessages(UserFiles.Folder, server, options.User(parsed)!, screen.Warn));
        await mailbox.CountAsync();
        await workAsync(mailbox, screen);
        await mailbox.LeaveAsync();
        return ExitCode.Done;
    }

    public static void WriteJson<T>(T value) => Console.WriteLine(JsonSerializer.Serialize(value, Indented));
}
