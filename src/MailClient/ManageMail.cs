using MailClient.Mailbox;
using MailClient.Mime;
using MailClient.Net;
using MailClient.Screens;

namespace MailClient;

/// <summary>The part of the menu that lists, reads, saves and deletes.</summary>
internal sealed class ManageMail(IScreen screen, Connector connector, ServerAddress server, Login login, SendMail sendMail)
{
    private OpenMailbox _mailbox = null!;

    /// <summary>Opens the mailbox, and leaves it again at the end. Throws what <see cref="Faults.IsExpected"/> knows.</summary>
    public async Task RunAsync()
    {
        await using var mailbox = _mailbox = await OpenAsync();
        await screen.ProgressAsync("Reading the list", await mailbox.CountAsync(), mailbox.LoadAsync);
        await ChooseAsync();
        var deleted = mailbox.Rows.Count(row => row.IsDeleted);
        await mailbox.LeaveAsync();
        if (deleted > 0)
            screen.Say(deleted == 1 ? "1 message deleted." : $"{deleted} messages deleted.");
    }

    private async Task<OpenMailbox> OpenAsync()
    {
        try
        {
            var dialogue = await connector.OpenPop3Async(server, login.Get);
            return new(dialogue, new SeenMessages(UserFiles.Folder, server, login.User!, screen.Warn));
        }
        catch (LoginFault)
        {
            login.Forget();
            throw;
        }
    }

    private async Task ChooseAsync()
    {
        var number = 0;
        while (true)
        {
            var choice = screen.ChooseMessage($"{login.User} at {server.Host}", _mailbox.Rows, number);
            if (choice.Action == ListAction.Back)
                return;
            number = choice.Number;
            switch (choice.Action)
            {
                case ListAction.Undelete:
                    await _mailbox.UndeleteAsync();
                    screen.Say("Nothing will be deleted.");
                    break;
                case var _ when Row(number).IsDeleted:
                    screen.Warn($"Message {number} is to be deleted; undelete it first.");
                    break;
                case ListAction.Read:
                    number = await ReadAsync(number);
                    break;
                case ListAction.Save:
                    await SaveAsync(number);
                    break;
                case ListAction.Delete:
                    await DeleteAsync(number);
                    break;
            }
        }
    }

    // The number of the message that was read last.
    private async Task<int> ReadAsync(int number)
    {
        while (true)
        {
            var row = Row(number);
            ReadableMessage message = null!;
            await screen.ProgressAsync($"Fetching message {number}", row.Octets, async progress => message = await _mailbox.ReadAsync(number, progress));
            var action = screen.Read(row, message);
            switch (action)
            {
                case ReadAction.Back:
                    return number;
                case ReadAction.Next or ReadAction.Previous:
                    if (Neighbour(number, isNext: action == ReadAction.Next) is not { } neighbour)
                        return number;
                    number = neighbour;
                    break;
                case ReadAction.Delete:
                    await DeleteAsync(number);
                    return number;
                case ReadAction.Reply:
                    await sendMail.ReplyAsync(message);
                    break;
                case ReadAction.Save:
                    await SaveAsync(number);
                    break;
                case ReadAction.SaveAttachments:
                    await SaveAttachmentsAsync(message);
                    break;
            }
        }
    }

    private async Task SaveAsync(int number)
    {
        if (AskFolder() is { } folder)
        {
            await TryAsync(async () => await screen.ProgressAsync(
                $"Saving message {number}",
                Row(number).Octets,
                async progress => screen.Say("Saved " + await _mailbox.SaveAsync(number, folder, progress))));
        }
    }

    private async Task SaveAttachmentsAsync(ReadableMessage message)
    {
        if (message.Attachments is [])
            screen.Warn("This message has no attachments.");
        else if (AskFolder() is { } folder)
        {
            await TryAsync(async () =>
            {
                foreach (var path in await OpenMailbox.SaveAttachmentsAsync(message, folder))
                    screen.Say("Saved " + path);
            });
        }
    }

    private async Task DeleteAsync(int number)
    {
        await _mailbox.DeleteAsync(number);
        screen.Say($"Message {number} will be deleted when you leave the mailbox.");
    }

    private string? AskFolder()
    {
        if (screen.Ask("Folder to save in", Directory.GetCurrentDirectory()) is not { } folder)
            return null;
        try
        {
            return Directory.CreateDirectory(folder).FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            screen.Warn(Faults.Describe(exception));
            return null;
        }
    }

    // A folder that cannot be written to is no reason to lose the session.
    private async Task TryAsync(Func<Task> saveAsync)
    {
        try
        {
            await saveAsync();
        }
        catch (Exception exception) when (exception is IOException { InnerException: null } or UnauthorizedAccessException)
        {
            screen.Warn(Faults.Describe(exception));
        }
    }

    private MessageRow Row(int number) => _mailbox.Rows.First(row => row.Number == number);

    private int? Neighbour(int number, bool isNext)
    {
        var present = _mailbox.Rows.Where(row => !row.IsDeleted).Select(row => row.Number);
        return isNext
            ? present.Where(other => other > number).Select(other => (int?)other).FirstOrDefault()
            : present.Where(other => other < number).Select(other => (int?)other).LastOrDefault();
    }
}
