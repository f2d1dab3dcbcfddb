using System.Globalization;
using MailServer.Core.Mail;
using MailServer.Core.Mail.Formats;

namespace MailServer.Cli;

/// <summary>One run of an import over all of its files, with its progress and its summary.</summary>
internal sealed class ImportRun(MailImport import, TextWriter output, TextWriter error)
{
    // Why messages of a file were left out: how many, and where the first one is.
    private readonly Dictionary<(string Path, ImportOutcome Reason), (long Count, long First)> _skipped = [];
    private long _failed;

    /// <summary>Takes every message of the paths. False when something could not be read, or it was interrupted.</summary>
    public async Task<bool> TakeAsync(IEnumerable<string> paths, CancellationToken cancellation)
    {
        var files = paths.SelectMany(path => MailFiles.Find(path, Fail)).ToList();
        var total = files.Sum(file => file.Length);
        try
        {
            using (var progress = new TransferProgress(error, total, done =>
                $"{TransferProgress.Size(done)} of {TransferProgress.Size(total)}, {import.Taken} messages"))
            {
                var before = 0L;
                foreach (var file in files)
                {
                    await TakeAsync(file, done => progress.Report(before + done), cancellation);
                    before += file.Length;
                }

                await import.FlushAsync();
            }

            await SummarizeAsync();
            return _failed == 0;
        }
        catch (OperationCanceledException)
        {
            await import.FlushAsync();
            await SummarizeAsync();
            throw new CommandFault("interrupted; the same command goes on where it stopped");
        }
        catch (StoreFault)
        {
            await SummarizeAsync();
            throw;
        }
    }

    private async Task TakeAsync(MailFile file, Action<long> onProgress, CancellationToken cancellation)
    {
        try
        {
            await using var stream = new FileStream(file.Path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
            if (!stream.CanSeek)
                Fail(file.Path, "it is no file on a disk; save it to one first");
            else if (file.Name is not null)
                await TakeMessageAsync(file, stream, cancellation);
            else if (await MailFiles.IsMboxAsync(stream, cancellation) is not { } isMbox)
                Fail(file.Path, "it is neither an mbox nor a message");
            else if (isMbox)
                await TakeMboxAsync(file, stream, onProgress, cancellation);
            else
                await TakeMessageAsync(file, stream, cancellation);
            onProgress(file.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Fail(file.Path, exception.Message);
        }
    }

    private async Task TakeMboxAsync(MailFile file, FileStream stream, Action<long> onProgress, CancellationToken cancellation)
    {
        var fallback = WrittenAt(file);
        var reader = await MboxReader.OpenAsync(stream, cancellation);
        while (await reader.NextAsync(cancellation))
        {
            var outcome = await import.AddAsync(
                new ForeignMessage(reader.ReadAsync)
                {
                    ReversePath = reader.From.Address,
                    ReceivedAt = reader.From.Date,
                    FallbackDate = fallback,
                },
                cancellation);
            Note(file.Path, outcome, reader.Offset);
            onProgress(reader.Position);
        }
    }

    private async Task TakeMessageAsync(MailFile file, FileStream stream, CancellationToken cancellation)
    {
        // In a Maildir the file's time is the delivery's; elsewhere it is when somebody saved the file.
        var written = WrittenAt(file);
        var outcome = await import.AddAsync(
            new ForeignMessage(stream.ReadAsync)
            {
                ReceivedAt = file.Name is null ? null : written,
                FallbackDate = written,
                UniqueId = file.Name is { } name ? file.UniqueIds?.UniqueIdOf(name) ?? name.Base : null,
                IsRead = file.Name is { IsRead: true },
                IsDeleted = file.Name is { IsDeleted: true },
            },
            cancellation);
        Note(file.Path, outcome, 0);
    }

    private void Note(string path, ImportOutcome outcome, long offset)
    {
        if (outcome is ImportOutcome.Taken or ImportOutcome.Known)
            return;
        var (count, first) = _skipped.GetValueOrDefault((path, outcome), (0, offset));
        _skipped[(path, outcome)] = (count + 1, first);
    }

    private void Fail(string path, string reason)
    {
        _failed++;
        error.WriteLine($"mailserver: {path} is skipped: {reason.ReplaceLineEndings(" ")}");
    }

    private async Task SummarizeAsync()
    {
        foreach (var ((path, reason), (count, first)) in _skipped)
        {
            var where = first > 0 ? string.Create(CultureInfo.InvariantCulture, $", the first at octet {first}") : "";
            await output.WriteLineAsync($"{path}: {count} skipped{where}: {Words(reason)}");
        }

        var skipped = _skipped.Values.Sum(entry => entry.Count);
        await output.WriteLineAsync($"{import.Taken} messages taken, {import.Known} known from before, {skipped} skipped, {_failed} files failed");
    }

    private static DateTimeOffset WrittenAt(MailFile file) => new(File.GetLastWriteTimeUtc(file.Path), TimeSpan.Zero);

    private static string Words(ImportOutcome reason) => reason switch
    {
        ImportOutcome.Deleted => "marked as deleted",
        ImportOutcome.Empty => "empty",
        _ => "a mail program's own note on the folder",
    };
}
