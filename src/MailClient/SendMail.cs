using MailClient.Mime;
using MailClient.Net;
using MailClient.Screens;

namespace MailClient;

/// <summary>The part of the menu that writes and sends.</summary>
internal sealed class SendMail(IScreen screen, Connector connector, ServerAddress server, Login login)
{
    // What is longer does not show in lists.
    private const int UsualSubject = 50;

    private string _from = "";

    /// <summary>Asks for a message and sends it. A lone dot at the first questions leads back.</summary>
    public async Task RunAsync() => await WriteAsync(to: "", subject: "", new("", [], "", ""), quoted: "");

    /// <summary>Answers a message.</summary>
    public async Task ReplyAsync(ReadableMessage message)
    {
        var summary = message.Summary;
        var subject = summary.Subject.StartsWith("Re:", StringComparison.OrdinalIgnoreCase) ? summary.Subject : $"Re: {summary.Subject}";
        var lines = TerminalText.Lines(message.Text).Trim('\n').Split('\n').Take(1_000).Select(line => line.Length == 0 || line[0] == '>' ? $">{line}" : $"> {line}");
        await WriteAsync(
            summary.ReplyAddress() ?? "",
            TerminalText.OneLine(subject),
            new("", [], "", "") { InReplyTo = summary.MessageId, References = summary.References },
            $"\n\n{TerminalText.OneLine(summary.From)} wrote:\n{string.Join('\n', lines)}\n");
    }

    /// <summary>The files to attach. Throws <see cref="ClientFault"/> for one that cannot be read.</summary>
    public static FileInfo OpenAttachment(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new ClientFault($"there is no file {path} to attach");
        using var readable = file.OpenRead();
        return file;
    }

    private async Task WriteAsync(string to, string subject, OutgoingMessage draft, string quoted)
    {
        screen.Say("A lone . at a question leads back.");
        if (AskAddress("From", _from) is not { } from || AskRecipients(to) is not { } recipients || AskSubject(subject) is not { } chosen)
        {
            screen.Say("Nothing is sent.");
            return;
        }

        _from = from;
        var body = screen.AskText("Message, and a line with a single . at its end:") ?? throw new ClientFault("the input ended before the message did; nothing is sent");
        if (AskAttachments() is not { } attachments)
            throw new ClientFault("the input ended before the message did; nothing is sent");
        await SendAsync(draft with { From = from, To = recipients, Subject = chosen, Body = body + quoted, Attachments = attachments });
    }

    // A message that somebody has typed is not thrown away because a server is down.
    private async Task SendAsync(OutgoingMessage message)
    {
        while (true)
        {
            try
            {
                var credentials = login.User is null ? (Func<Credentials>?)null : login.Get;
                await using var dialogue = await connector.OpenSmtpAsync(server, credentials, isLoginNeeded: false);
                var octets = message.Attachments.Sum(file => file.Length * 78 / 57) + message.Body.Length;
                await screen.ProgressAsync("Sending", octets, progress => dialogue.SendAsync(message, TimeProvider.System, progress));
                await dialogue.QuitAsync();
                screen.Say($"Sent to {string.Join(", ", message.To)}.");
                return;
            }
            catch (Exception exception) when (Faults.IsExpected(exception))
            {
                screen.Warn(Faults.Describe(exception));
                if (exception is LoginFault)
                    login.Forget();
            }

            switch (screen.Choose("The message is not sent", ["Try again", "Change the recipients", "Give up"]))
            {
                case 0:
                    break;
                case 1 when AskRecipients(string.Join(' ', message.To)) is { } recipients:
                    message = message with { To = recipients };
                    break;
                default:
                    return;
            }
        }
    }

    private string? Ask(string question, string preset) => screen.Ask(question, preset) is not "." and var answer ? answer : null;

    private string? AskAddress(string question, string preset)
    {
        while (Ask(question, preset) is { Length: > 0 } answer)
        {
            if (MailAddress.Problem(answer) is not { } problem)
                return answer;
            screen.Warn(problem);
        }

        return null;
    }

    private List<string>? AskRecipients(string preset)
    {
        while (Ask("To (several with blanks between)", preset) is { Length: > 0 } answer)
        {
            var recipients = answer.Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();
            if (recipients.Select(MailAddress.Problem).FirstOrDefault(problem => problem is not null) is not { } found)
                return recipients;
            screen.Warn(found);
        }

        return null;
    }

    private string? AskSubject(string preset)
    {
        while (Ask("Subject", preset) is { } subject)
        {
            if (subject.Length <= UsualSubject || subject == preset || screen.Confirm($"The subject has {subject.Length} characters, more than {UsualSubject}. Keep it?"))
                return subject;
        }

        return null;
    }

    private List<FileInfo>? AskAttachments()
    {
        var files = new List<FileInfo>();
        while (screen.Ask("File to attach (empty: none, or no more)") is { } path)
        {
            if (path.Length == 0)
                return files;
            try
            {
                files.Add(OpenAttachment(path));
            }
            catch (Exception exception) when (Faults.IsExpected(exception))
            {
                screen.Warn(Faults.Describe(exception));
            }
        }

        return null;
    }
}
