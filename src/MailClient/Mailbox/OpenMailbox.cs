using MailClient.Mime;
using MailClient.Net;

namespace MailClient.Mailbox;

/// <summary>A user's mailbox during a session.</summary>
internal sealed class OpenMailbox(Pop3Dialogue dialogue, SeenMessages seen) : IAsyncDisposable
{
    // What fits in memory more than once; a larger message can be saved.
    private const long MaxReadable = 256 * 1024 * 1024;

    /// <summary>What there is, once it was counted.</summary>
    public IReadOnlyList<MailboxEntry> Entries { get; private set; } = [];

    /// <summary>The messages, oldest first, once they were loaded.</summary>
    public IReadOnlyList<MessageRow> Rows { get; private set; } = [];

    /// <summary>True when leaving will delete something.</summary>
    public bool HasDeletions => dialogue.HasDeletions;

    /// <summary>Asks what there is, and returns how many messages that are.</summary>
    public async Task<int> CountAsync()
    {
        Entries = await dialogue.ListAsync();
        return Entries.Count;
    }

    /// <summary>Reads the headers of what was counted.</summary>
    public async Task LoadAsync(IProgress<long>? progress)
    {
        var rows = new List<MessageRow>(Entries.Count);
        var entries = Entries.ToDictionary(entry => entry.Number);
        await dialogue.ReadHeadersAsync([.. entries.Keys], (number, header) =>
        {
            var entry = entries[number];
            rows.Add(new(entry, MessageSummary.Read(header)) { IsNew = !seen.Contains(entry.UniqueId) });
            progress?.Report(rows.Count);
        });
        Rows = rows;
        seen.KeepOnly(Entries.Select(entry => entry.UniqueId).OfType<string>());
    }

    /// <summary>The message of this number. Throws <see cref="ClientFault"/>.</summary>
    public MailboxEntry Find(int number) =>
        Entries.FirstOrDefault(entry => entry.Number == number)
        ?? throw new ClientFault($"there is no message {number}; the mailbox has {Entries.Count}");

    /// <summary>Fetches and reads a message, which is not new any more.</summary>
    public async Task<ReadableMessage> ReadAsync(int number, IProgress<long>? progress)
    {
        var message = ReadableMessage.Read(await FetchAsync(number, progress));
        seen.Add(Find(number).UniqueId);
        if (Rows.FirstOrDefault(row => row.Number == number) is { } read)
            read.IsNew = false;
        return message;
    }

    /// <summary>Saves a message in a folder, as a file with the extension .eml, and returns the file's path.</summary>
    public async Task<string> SaveAsync(int number, string folder, IProgress<long>? progress)
    {
        var subject = "";
        await dialogue.ReadHeadersAsync([number], (_, header) => subject = MessageSummary.Read(header).Subject);
        var name = SafeFileName.From(TerminalText.OneLine(subject).Replace('/', '-').Replace('\\', '-'), $"message-{number}", ".eml");
        return await SaveAsAsync(number, SafeFileName.Create(folder, name), progress);
    }

    /// <summary>Saves a message in a file, which is gone again when that fails.</summary>
    public async Task<string> SaveAsAsync(int number, FileStream file, IProgress<long>? progress)
    {
        await using (file)
        {
            try
            {
                await dialogue.RetrieveAsync(number, file, progress);
            }
            catch
            {
                File.Delete(file.Name);
                throw;
            }
        }

        return file.Name;
    }

    /// <summary>Saves attachments in a folder and returns their paths.</summary>
    public static async Task<IReadOnlyList<string>> SaveAttachmentsAsync(ReadableMessage message, string folder)
    {
        var paths = new List<string>();
        foreach (var attachment in message.Attachments)
        {
            await using var file = SafeFileName.Create(folder, attachment.FileName);
            await file.WriteAsync(attachment.Part.Decode());
            paths.Add(file.Name);
        }

        return paths;
    }

    /// <summary>Has the server delete a message when the mailbox is left.</summary>
    public async Task DeleteAsync(int number)
    {
        await dialogue.DeleteAsync(number);
        if (Rows.FirstOrDefault(row => row.Number == number) is { } deleted)
            deleted.IsDeleted = true;
    }

    /// <summary>Takes all deletions back.</summary>
    public async Task UndeleteAsync()
    {
        await dialogue.UndeleteAsync();
        foreach (var row in Rows)
            row.IsDeleted = false;
    }

    /// <summary>Leaves the mailbox: only now is deleted what was to be.</summary>
    public Task LeaveAsync() => dialogue.QuitAsync();

    public ValueTask DisposeAsync() => dialogue.DisposeAsync();

    private async Task<ReadOnlyMemory<byte>> FetchAsync(int number, IProgress<long>? progress)
    {
        using var octets = new MemoryStream();
        await dialogue.RetrieveAsync(number, octets, progress, MaxReadable);
        return octets.GetBuffer().AsMemory(0, (int)octets.Length);
    }
}
