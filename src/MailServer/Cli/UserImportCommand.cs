using System.Buffers;
using System.CommandLine;
using System.Text;
using MailServer.Core.Accounts;
using MailServer.Settings;

namespace MailServer.Cli;

/// <summary><c>user import FILE</c>: lines of <c>name password</c>. A bad line is reported and the others are taken.</summary>
internal static class UserImportCommand
{
    private static readonly SearchValues<char> _schemeSigns = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static Command Create(SettingOptions settings)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "lines of `name password`; the password is the rest of the line; blank lines and lines that begin with # are skipped",
        };
        var command = new Command("import", "Make the accounts of a file") { file };
        command.SetAction(async (parsed, _) =>
        {
            var settingsRead = settings.Read(parsed);
            using var interruption = new Interruption();
            var streams = parsed.InvocationConfiguration;
            return await RunAsync(settingsRead, parsed.GetValue(file)!, streams.Output, streams.Error, interruption.Token) ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    /// <summary>Makes the accounts. Throws <see cref="CommandFault"/>. False when a line failed.</summary>
    internal static async Task<bool> RunAsync(ServerSettings settings, string file, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var (made, failed, hashes) = (0, 0, 0);
        try
        {
            var lines = await ReadAsync(file, cancellation);
            await using var accounts = Composition.OpenAccounts(settings);
            for (var i = 0; i < lines.Length; i++)
            {
                if (lines[i].TrimStart(' ', '\t') is "" or ['#', ..])
                    continue;
                cancellation.ThrowIfCancellationRequested();
                if (await AddAsync(accounts, lines[i], cancellation) is not { } problem)
                {
                    made++;
                    hashes += LooksLikeHash(Split(lines[i]).Password) ? 1 : 0;
                    continue;
                }

                failed++;
                await error.WriteLineAsync($"mailserver: {file} line {i + 1}: {problem}");
            }
        }
        catch (OperationCanceledException)
        {
            throw new CommandFault($"interrupted; {made} accounts were made, {failed} lines failed");
        }

        if (hashes > 0)
            await error.WriteLineAsync($"mailserver: {file}: {Hashes(hashes)} as the password itself; mailserver user password gives another");
        await output.WriteLineAsync($"{made} accounts made, {failed} lines failed");
        return failed == 0;
    }

    // Null when the account was made, else the reason why not, which never holds the password.
    private static async Task<string?> AddAsync(CommandStore accounts, string line, CancellationToken cancellation)
    {
        var (text, password) = Split(line);
        if (password is null)
            return "there is no password behind the name";
        if (AccountName.TryParse(text, out var problem) is not { } name)
            return problem;
        if (Passwords.Problem(password) is { } weakness)
            return weakness;
        return await accounts.Directory.CreateAsync(name, password, cancellation) is null ? $"the account {name} exists already" : null;
    }

    private static (string Name, string? Password) Split(string line)
    {
        var text = line.TrimStart(' ', '\t');
        var end = text.AsSpan().IndexOfAny(' ', '\t');
        return end < 0 ? (text, null) : (text[..end], text[end..].TrimStart(' ', '\t'));
    }

    // hash = "{" scheme "}" 1*CHAR / "$" id "$" 1*CHAR, as Dovecot and crypt(3) write them.
    private static bool LooksLikeHash(string? password)
    {
        if (password is not ['{' or '$', .. var rest])
            return false;
        var end = rest.IndexOf(password[0] == '{' ? '}' : '$', StringComparison.Ordinal);
        return end > 0 && end < rest.Length - 1 && rest.AsSpan(0, end).IndexOfAnyExcept(_schemeSigns) < 0;
    }

    private static string Hashes(int count) => count == 1 ? "the password of 1 line looks like a hash; it is taken" : $"the passwords of {count} lines look like hashes; they are taken";

    private static async Task<string[]> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            FileOddity.ThrowIfPipe(path);

            // Not as lines: the readers of lines guess the encoding, and put signs of their own in the place of what they
            // cannot read, which would become part of a password. Unicode has more line ends than files: they may stand in one.
            var text = Utf8.GetString(await File.ReadAllBytesAsync(path, cancellation));
            return (text is ['\uFEFF', .. var marked] ? marked : text).Split(["\r\n", "\n", "\r"], StringSplitOptions.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFault($"the accounts cannot be read: {FileOddity.Reason(path, exception)}; name a file with lines of name and password");
        }
        catch (DecoderFallbackException)
        {
            throw new CommandFault($"{path} is not UTF-8 text; convert it first");
        }
    }
}
