using System.CommandLine;
using MailClient.Mime;
using MailClient.Net;
using MailClient.Screens;

namespace MailClient.Cli;

/// <summary><c>mailclient send</c></summary>
internal static class SendCommand
{
    public static Command Create(ConnectionOptions options)
    {
        var smtp = new Option<string>("--smtp") { HelpName = "HOST:PORT", Description = "the server that takes the message", Required = true };
        var from = new Option<string>("--from") { HelpName = "ADDRESS", Description = "who sends", Required = true };
        var to = new Option<string[]>("--to") { HelpName = "ADDRESS", Description = "who gets it; repeatable", Required = true, AllowMultipleArgumentsPerToken = true };
        var subject = new Option<string>("--subject") { HelpName = "TEXT", Description = "what it is about", Required = true };
        var attach = new Option<string[]>("--attach") { HelpName = "FILE", Description = "a file to send along; repeatable" };
        var command = new Command("send", "Send a message, whose text is read from the standard input; all recipients get it, or none") { smtp, from, to, subject, attach };
        command.SetAction(async (parsed, _) =>
        {
            var server = ServerAddress.Parse(parsed.GetValue(smtp)!);
            var recipients = parsed.GetValue(to)!.Distinct().ToList();
            if (recipients.Append(parsed.GetValue(from)!).Select(MailAddress.Problem).FirstOrDefault(problem => problem is not null) is { } problem)
                throw new ClientFault(problem, ExitCode.Misused);
            var attachments = (parsed.GetValue(attach) ?? []).Select(SendMail.OpenAttachment).ToList();

            var screen = ScreenChoice.OpenForCommand();
            var credentials = options.User(parsed) is null ? null : options.Credentials(parsed, screen);
            var message = new OutgoingMessage(parsed.GetValue(from)!, recipients, parsed.GetValue(subject)!, await StandardInput.ReadTextAsync())
            {
                Attachments = attachments,
            };
            await using var dialogue = await options.Connector(parsed, screen).OpenSmtpAsync(server, credentials);
            await screen.ProgressAsync("Sending", attachments.Sum(file => file.Length * 78 / 57) + 1, progress => dialogue.SendAsync(message, TimeProvider.System, progress));
            await dialogue.QuitAsync();
            return ExitCode.Done;
        });
        return command;
    }
}
