using System.Globalization;
using System.Text;
using MailServer.Core.Mail;
using MailServer.Core.Mail.Formats;
using MailServer.Files;

namespace MailServer.Cli;

/// <summary>Files that a mailbox is written to, for their owner only. Their names are made of numbers, never of what a message says.</summary>
internal abstract class ExportTarget(IMaildrop maildrop) : IAsyncDisposable
{
    protected IMaildrop Maildrop => maildrop;

    protected MailExport Mail { get; } = new(maildrop);

    /// <summary>
    /// Writes a message. Throws <see cref="StoreFault"/> for one that cannot be read and <see cref="IOException"/> where it cannot be
    /// written, and then nothing of it is left.
    /// </summary>
    public abstract Task WriteAsync(int index, CancellationToken cancellation);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected static FileStream Create(string path, int bufferSize = 64 * 1024) =>
        PrivateFiles.Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize);

    /// <summary>Makes the one file of an export. Throws <see cref="IOException"/> where it may not be made.</summary>
    protected static FileStream CreateTarget(string path)
    {
        ThrowIfNoFolderAbove(path);
        if (Path.Exists(path))
            throw new IOException(FileOddity.Of(path) is { } oddity ? $"it {oddity}; choose another path" : "it exists already; choose another path");

        // Without a buffer nothing is held back that a full disk would refuse again when the file is cut.
        return Create(path, bufferSize: 0);
    }

    /// <summary>Makes the folder of an export, which may be there and empty. Throws <see cref="IOException"/> where it may not be made.</summary>
    protected static string MakeTarget(string path)
    {
        ThrowIfNoFolderAbove(Path.TrimEndingDirectorySeparator(path));
        if (!Directory.Exists(path) && Path.Exists(path))
            throw new IOException($"it {FileOddity.Of(path) ?? "is a file"}; choose another path");
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new IOException("the folder is not empty; choose another");
        PrivateFiles.CreateFolder(path);
        return path;
    }

    // A folder that nobody made is a slip of the pen, or lies on a disk that is not mounted.
    private static void ThrowIfNoFolderAbove(string path)
    {
        if (FileOddity.OfFolderAbove(path) is { } reason)
            throw new IOException(reason);
    }

    /// <summary>Writes a file of one message, dated as the message is.</summary>
    protected async Task WriteFileAsync(string path, int index, Func<Stream, ValueTask> write, CancellationToken cancellation)
    {
        var receivedAt = await maildrop.ReceivedAtAsync(index, cancellation);
        var stream = Create(path);
        try
        {
            await using (stream)
                await write(stream);
            File.SetLastWriteTimeUtc(path, receivedAt.UtcDateTime);
        }
        catch (Exception exception) when (exception is StoreFault or OperationCanceledException or IOException)
        {
            File.Delete(path);
            throw;
        }
    }
}

/// <summary>One file for all messages.</summary>
internal sealed class MboxTarget(string path, IMaildrop maildrop) : ExportTarget(maildrop)
{
    private readonly FileStream _stream = CreateTarget(path);

    public override async Task WriteAsync(int index, CancellationToken cancellation)
    {
        var start = _stream.Position;
        try
        {
            await Mail.WriteMboxAsync(index, _stream, cancellation);
        }
        catch (Exception exception) when (exception is StoreFault or OperationCanceledException or IOException)
        {
            _stream.SetLength(start);
            throw;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        await base.DisposeAsync();
    }
}

/// <summary>A file for every message, numbered as they lie in the mailbox.</summary>
internal sealed class EmlTarget(string path, IMaildrop maildrop) : ExportTarget(maildrop)
{
    private const int Digits = 6;

    private readonly string _folder = MakeTarget(path);
    private readonly string _form = "D" + Math.Max(Digits, maildrop.Entries.Count.ToString(CultureInfo.InvariantCulture).Length).ToString(CultureInfo.InvariantCulture);

    public override Task WriteAsync(int index, CancellationToken cancellation) => WriteFileAsync(
        Path.Combine(_folder, (index + 1).ToString(_form, CultureInfo.InvariantCulture) + ".eml"),
        index,
        stream => Mail.WriteEmlAsync(index, stream, cancellation),
        cancellation);
}

/// <summary>A Maildir with the list of unique-ids that Dovecot keeps.</summary>
internal sealed class MaildirTarget : ExportTarget
{
    // Windows allows no colon in a name.
    private static readonly string _flags = OperatingSystem.IsWindows() ? ";2," : ":2,";

    private static readonly string[] _folders = ["cur", "new", "tmp"];

    private readonly string _folder;
    private readonly StreamWriter _list;

    public MaildirTarget(string path, IMaildrop maildrop)
        : base(maildrop)
    {
        _folder = MakeTarget(path);
        foreach (var name in _folders)
            PrivateFiles.CreateFolder(Path.Combine(_folder, name));
        _list = new StreamWriter(Create(Path.Combine(_folder, DovecotUidList.FileName)), Encoding.ASCII);
        _list.Write(DovecotUidList.Header(TimeProvider.System.GetUtcNow(), maildrop.Entries.Count));
    }

    public override async Task WriteAsync(int index, CancellationToken cancellation)
    {
        var name = MaildirName.BaseOf(await Maildrop.ReceivedAtAsync(index, cancellation), index + 1);
        var file = Maildrop.Entries[index].IsRead ? Path.Combine("cur", name + _flags + "S") : Path.Combine("new", name);
        await WriteFileAsync(Path.Combine(_folder, file), index, stream => Mail.WriteMaildirAsync(index, stream, cancellation), cancellation);
        await _list.WriteAsync(DovecotUidList.Line(index + 1, UniqueId.Of(Maildrop, index), name));
    }

    public override async ValueTask DisposeAsync()
    {
        await _list.DisposeAsync();
        await base.DisposeAsync();
    }
}
