using System.Globalization;
using System.Text;
using MailServer.Core.Mail;
using MailServer.Core.Mail.Formats;
using MailServer.Files;

namespace MailServer.Cli;

/// <summary>
/// One run of an import over all of its files, with its progress and its summary. Whatever is left out has a line that names it and says
/// why; messages are counted where they are found and where they are stored, and both counts must agree.
/// </summary>
internal sealed class ImportRun(MailImport import, TextWriter output, TextWriter error)
{
    // The list behind a message of Apple Mail.
    private const int MaxList = 64 * 1024;

    // Mboxes with further names. A message in a file of its own is copied so by programs, and is mail of its own.
    private readonly HashSet<(ulong Device, ulong File)> _linked = [];

    private TransferProgress? _progress;
    private long _seen;
    private long _leftOut;
    private long _broken;
    private long _failed;

    /// <summary>Takes every message of the paths. False when anything was left out or could not be read.</summary>
    public async Task<bool> TakeAsync(IEnumerable<string> paths, CancellationToken cancellation)
    {
        var files = new MailFiles(Fail).Find(paths);
        var total = files.Sum(file => file.Length);
        try
        {
            using (var progress = new TransferProgress(error, total, done =>
                $"{TransferProgress.Size(done)} of {TransferProgress.Size(total)}, {import.Taken} messages"))
            {
                _progress = progress;
                var before = 0L;
                foreach (var file in files)
                {
                    cancellation.ThrowIfCancellationRequested();
                    await TakeAsync(file, done => progress.Report(before + done), cancellation);
                    before += file.Length;
                }

                await import.FlushAsync();
            }

            var isWhole = _seen == import.Taken + import.Known + _leftOut + _broken;
            if (!isWhole)
                await error.WriteLineAsync("mailserver: the messages that were found are more than those below; run the same command again, and report this");
            await SummarizeAsync();
            return isWhole && _leftOut + _failed == 0;
        }
        catch (OperationCanceledException)
        {
            await import.FlushAsync();
            await SummarizeAsync();
            throw new CommandFault("interrupted; the same command goes on where it stopped");
        }
        catch (StoreFault)
        {
            // Messages that were on their way together fail together, and what was not looked at yet is not counted at all.
            _broken = _seen - import.Taken - import.Known - _leftOut;
            Say(string.Create(CultureInfo.InvariantCulture, $"{_broken} of the messages that were found are not stored; the same command goes on where it stopped"));
            await SummarizeAsync();
            throw;
        }
    }

    private async Task TakeAsync(MailFile file, Action<long> onProgress, CancellationToken cancellation)
    {
        try
        {
            await using var stream = file.Open();
            if (!stream.CanSeek)
                Fail(file.Path, "it is no file on a disk; save it to one first");
            else if (await UnreadableFormAsync(stream, cancellation) is { } form)
                FailUnlessAside(file, form);
            else if (file.Name is not null)
                await TakeMessageAsync(file, MailSource.Maildir, stream.ReadAsync, cancellation);
            else
                await TakeWhatItIsAsync(file, stream, onProgress, cancellation);
            onProgress(file.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Fail(file.Path, FileOddity.Of(file.Path) is { } oddity ? "it " + oddity : exception.Message);
        }
    }

    private static async ValueTask<string?> UnreadableFormAsync(FileStream stream, CancellationToken cancellation)
    {
        var beginning = new byte[UnreadableForm.Beginning];
        var count = await stream.ReadAtLeastAsync(beginning, beginning.Length, throwOnEndOfStream: false, cancellation);
        stream.Position = 0;
        return UnreadableForm.Of(beginning.AsSpan(0, count));
    }

    private async Task TakeWhatItIsAsync(MailFile file, FileStream stream, Action<long> onProgress, CancellationToken cancellation)
    {
        var beginning = new byte[MailFileKinds.Beginning];
        var count = await stream.ReadAtLeastAsync(beginning, beginning.Length, throwOnEndOfStream: false, cancellation);
        stream.Position = 0;
        if (file.IsNamedEmlx && Emlx.MessageIn(beginning.AsSpan(0, count)) is { } place)
        {
            await TakeEmlxAsync(file, stream, place.Start, place.Length, cancellation);
            return;
        }

        switch (MailFileKinds.Of(beginning.AsSpan(0, count), file.IsChosen))
        {
            case MailFileKind.Mbox:
                await TakeMboxAsync(file, stream, onProgress, cancellation);
                break;
            case MailFileKind.Message:
                await TakeMessageAsync(file, MailSource.File, stream.ReadAsync, cancellation);
                break;
            case MailFileKind.Empty:
                FailUnlessAside(file, "empty");
                break;
            case MailFileKind.Unknown when file.IsNamedMessage:
                await TakeMessageAsync(file, MailSource.File, stream.ReadAsync, cancellation);
                break;
            case MailFileKind.Unknown:
                FailUnlessAside(file, "neither an mbox nor a message; name it .eml if it is one");
                break;
        }
    }

    private async Task TakeMboxAsync(MailFile file, FileStream stream, Action<long> onProgress, CancellationToken cancellation)
    {
        if (FileOwner.IdentityOf(stream.SafeFileHandle) is { } identity && !_linked.Add(identity))
            return;
        var fallback = file.WrittenAt;
        var reader = await MboxReader.OpenAsync(stream, cancellation);
        while (await reader.NextAsync(cancellation))
        {
            var message = new ImportedMessage(reader.Source, reader.ReadAsync)
            {
                ReversePath = reader.From.Address,
                ReceivedAt = reader.From.Date,
                FallbackDate = fallback,
                IsDeleted = file.IsRemoved,
            };
            await AddAsync(file, string.Create(CultureInfo.InvariantCulture, $"{file.Path}, the message at octet {reader.Offset},"), message, cancellation);
            onProgress(reader.Position);
        }
    }

    // In a Maildir the file's time is the delivery's; elsewhere it is when somebody saved the file.
    private Task TakeMessageAsync(MailFile file, MailSource source, ReadText read, CancellationToken cancellation, (bool IsRead, bool IsDeleted) marks = default)
    {
        var name = source == MailSource.Maildir ? file.Name : null;
        var message = new ImportedMessage(source, read)
        {
            ReceivedAt = name is null ? null : file.DeliveredAt,
            FallbackDate = file.WrittenAt,
            UniqueId = name is null ? null : file.UniqueIds?.UniqueIdOf(name) ?? name.Base,
            IsRead = marks.IsRead || name is { IsRead: true },
            IsDeleted = marks.IsDeleted || file.IsRemoved || name is { IsDeleted: true },
        };
        return AddAsync(file, file.Path, message, cancellation);
    }

    private async Task TakeEmlxAsync(MailFile file, FileStream stream, int start, long length, CancellationToken cancellation)
    {
        string? question = null;
        var list = await ReadListAsync(stream, Math.Min(stream.Length, start + length), cancellation);
        if (start + length > stream.Length || !Emlx.IsBehindMessage(list))
        {
            // The count is not of this file: line ends were changed, or part of it is gone.
            var end = Math.Max(start, stream.Length - MaxList);
            list = await ReadListAsync(stream, end, cancellation);
            var listStart = Emlx.ListIn(list);
            var found = listStart is { } at ? end + at - start : stream.Length - start;
            list = list[(listStart ?? list.Length)..];
            if (found < length)
                question = "without its end: the file is shorter than it says";
            else if (listStart is null)
                question = "to its end: the count in its first line is wrong";
            length = found;
        }

        var marks = Emlx.MarksIn(Encoding.UTF8.GetString(list));
        if (!marks.IsDeleted && length > 0)
            Question(file, question);
        stream.Position = start;
        var left = length;
        await TakeMessageAsync(file, MailSource.File, ReadAsync, cancellation, marks);

        async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken token)
        {
            var count = await stream.ReadAsync(destination[..(int)Math.Min(destination.Length, left)], token);
            left -= count;
            return count;
        }
    }

    private static async ValueTask<byte[]> ReadListAsync(FileStream stream, long position, CancellationToken cancellation)
    {
        var list = new byte[MaxList];
        stream.Position = position;
        return list[..await stream.ReadAtLeastAsync(list, list.Length, throwOnEndOfStream: false, cancellation)];
    }

    private async Task AddAsync(MailFile file, string where, ImportedMessage message, CancellationToken cancellation)
    {
        _seen++;
        _broken++;
        var outcome = await import.AddAsync(message, cancellation);
        _broken--;
        if (Words(outcome, file) is not { } reason)
            return;
        _leftOut++;
        Skip(where, reason);
    }

    private void FailUnlessAside(MailFile file, string what)
    {
        if (!file.IsAside)
            Fail(file.Path, "it is " + what);
    }

    private void Fail(string path, string reason)
    {
        _failed++;
        Skip(path, reason);
    }

    // What of a message of Apple Mail is taken all the same, and what may be missing from it.
    private void Question(MailFile file, string? how)
    {
        if (how is not null)
            Say(file, how);
        if (file.Path.EndsWith(".partial" + Emlx.Extension, StringComparison.OrdinalIgnoreCase))
            Say(file, "without its attachments: they lie in other files; let Mail fetch the whole message first");
    }

    private void Say(MailFile file, string how)
    {
        _failed++;
        Say($"{file.Path} is taken {how}");
    }

    private void Skip(string where, string reason) => Say($"{where} is skipped: {reason.ReplaceLineEndings(" ")}");

    private void Say(string line)
    {
        _progress?.Dispose();
        error.WriteLine("mailserver: " + MailFilePath.Shown(line));
    }

    private Task SummarizeAsync() => output.WriteLineAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"{_seen} messages found, {import.Taken} messages taken, {import.Known} known from before, {_leftOut + _broken} skipped, {_failed} files failed"));

    private static string? Words(ImportOutcome outcome, MailFile file) => outcome switch
    {
        ImportOutcome.Deleted when file.IsRemoved => "it is marked as deleted; give it a number that is free as its name if it is wanted",
        ImportOutcome.Deleted => "it is marked as deleted; undelete it in its mail program if it is wanted",
        ImportOutcome.Empty => "it is empty",
        ImportOutcome.FolderNote => "it is a mail program's own note on the folder",
        _ => null,
    };
}
