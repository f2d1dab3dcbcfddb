using System.Globalization;
using System.Text;

namespace MailServer.Core.Accounts;

/// <summary>
/// An account's name: 1 to 64 characters, letters and digits of any script and <c>. _ -</c>, the signs not at either end.
/// Two names are the same when their <see cref="Key"/> is (NFC, without case).
/// </summary>
public sealed class AccountName : IEquatable<AccountName>
{
    /// <summary>The longest name in characters (Unicode scalar values).</summary>
    public const int MaxLength = 64;

    private AccountName(string text)
    {
        Text = text;
        Key = text.ToLowerInvariant();
    }

    /// <summary>The name as given, in NFC.</summary>
    public string Text { get; }

    /// <summary>What names are compared by.</summary>
    public string Key { get; }

    /// <summary>The account that takes the mail for whoever runs the server (RFC 5321 4.5.1).</summary>
    public static AccountName Postmaster { get; } = new("postmaster");

    /// <summary>The name in <paramref name="text"/>, or null and the reason in words for a person.</summary>
    public static AccountName? TryParse(string text, out string? problem)
    {
        problem = Problem(text);
        return problem is null ? new AccountName(Nfc.Of(text)) : null;
    }

    /// <inheritdoc cref="TryParse(string, out string?)"/>
    public static AccountName? TryParse(string text) => TryParse(text, out _);

    public bool Equals(AccountName? other) => other is not null && Key == other.Key;

    public override bool Equals(object? obj) => Equals(obj as AccountName);

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    private static string? Problem(string text)
    {
        if (text.Length == 0)
            return "The name is empty";
        if (IsSign(text[0]) || IsSign(text[^1]))
            return "A name begins and ends with a letter or digit";
        var length = 0;
        var isFirst = true;
        foreach (var rune in text.EnumerateRunes())
        {
            if (++length > MaxLength)
                return $"A name has at most {MaxLength} characters";
            if (!IsLetterOrDigit(rune, isFirst) && !(rune.IsAscii && IsSign((char)rune.Value)))
                return "A name is made of letters, digits, dots, hyphens and underscores";
            isFirst = false;
        }

        return null;
    }

    private static bool IsSign(char c) => c is '.' or '_' or '-';

    // Marks are parts of letters in many scripts (Devanagari, Thai), so they may follow one but not begin a name.
    private static bool IsLetterOrDigit(Rune rune, bool isFirst) =>
        Rune.IsLetterOrDigit(rune)
        || (!isFirst && Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);
}
