using System.Text;

namespace MailServer.Core.Accounts;

/// <summary>What a password may be.</summary>
public static class Passwords
{
    /// <summary>The octets (UTF-8) that bcrypt looks at; the rest would silently not count.</summary>
    public const int MaxOctets = 72;

    /// <summary>Why this cannot be set as a password, in words for a person, or null when it can.</summary>
    public static string? Problem(string password)
    {
        if (password.Length == 0)
            return "The password is empty";
        if (password.Contains('\0', StringComparison.Ordinal))
            return "A password cannot hold a NUL";
        return Encoding.UTF8.GetByteCount(password) > MaxOctets
            ? $"A password has at most {MaxOctets} octets, because bcrypt ignores the rest"
            : null;
    }
}
