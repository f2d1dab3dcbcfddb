using System.Globalization;
using System.Text;

namespace MailServer.Core.Mail.Formats;

/// <summary>
/// The file <c>dovecot-uidlist</c> of a Maildir: the order of its messages, and the unique-ids that POP3 clients know them by.
/// </summary>
public sealed class DovecotUidList
{
    public const string FileName = "dovecot-uidlist";

    private readonly Dictionary<string, (long Uid, string UniqueId)> _messages = new(StringComparer.Ordinal);

    /// <summary>
    /// Reads the list. Lines that are not understood are passed over.
    /// <code>
    /// header  = "3" SP "V" uidvalidity *( SP letter value ) LF
    /// message = uid *( SP letter value ) SP ":" filename LF
    /// </code>
    /// The letter P gives a POP3 unique-id; without one it is what Dovecot makes of the numbers by default (%08Xu%08Xv).
    /// </summary>
    public static DovecotUidList Read(TextReader reader)
    {
        var list = new DovecotUidList();
        var validity = reader.ReadLine()?.Split(' ').Skip(1).FirstOrDefault(word => word.StartsWith('V'));
        _ = uint.TryParse(validity.AsSpan(Math.Min(1, validity?.Length ?? 0)), NumberStyles.None, CultureInfo.InvariantCulture, out var version);
        while (reader.ReadLine() is { } line)
        {
            var colon = line.IndexOf(" :", StringComparison.Ordinal);
            if (colon < 0)
                continue;
            var words = line[..colon].Split(' ');
            if (!uint.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var uid))
                continue;
            var saved = words.Skip(1).FirstOrDefault(word => word.StartsWith('P'))?[1..];
            list._messages[MaildirName.Parse(line[(colon + 2)..]).Base] =
                (uid, saved ?? string.Create(CultureInfo.InvariantCulture, $"{uid:x8}{version:x8}"));
        }

        return list;
    }

    /// <summary>The first line of a list.</summary>
    public static string Header(DateTimeOffset now, int messages) =>
        string.Create(CultureInfo.InvariantCulture, $"3 V{now.ToUnixTimeSeconds()} N{messages + 1L}\n");

    /// <summary>The line of a message.</summary>
    public static string Line(int number, string uniqueId, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} P{uniqueId} :{name}\n");

    /// <summary>What POP3 clients know the message of this name by, or null.</summary>
    public string? UniqueIdOf(MaildirName name) => _messages.TryGetValue(name.Base, out var found) ? found.UniqueId : null;

    /// <summary>A key that sorts messages as they were numbered; those that the list does not name come last.</summary>
    public long OrderOf(MaildirName name) => _messages.TryGetValue(name.Base, out var found) ? found.Uid : long.MaxValue;

    /// <summary>Opens a list as the octets that it is made of.</summary>
    public static DovecotUidList Read(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return Read(reader);
    }
}
