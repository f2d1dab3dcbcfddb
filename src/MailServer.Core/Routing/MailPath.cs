using System.Text;

namespace MailServer.Core.Routing;

/// <summary>A mailbox as named in MAIL or RCPT (RFC 5321 4.1.2), cleaned of brackets and source routes.</summary>
/// <param name="LocalPart">As the client wrote it, quotes included.</param>
/// <param name="Domain">Null for a bare name. The null reverse path has neither.</param>
public sealed record MailPath(string LocalPart, string? Domain)
{
    /// <summary><c>&lt;&gt;</c>, the sender of what must not be answered (RFC 5321 4.5.5).</summary>
    public static MailPath Null { get; } = new("", null);

    /// <summary>True for <c>@ME</c>, the address of whoever is logged in (the classic conversation).</summary>
    public bool IsMe => Domain is null && IsMeText(LocalPart);

    /// <summary>
    /// True for an address that only SMTPUTF8 allows (RFC 6531 3.4). Bare names are of no RFC, so a person may type
    /// them in any script.
    /// </summary>
    public bool NeedsInternational => Domain is not null && !(Ascii.IsValid(LocalPart) && Ascii.IsValid(Domain));

    public bool IsNull => LocalPart.Length == 0;

    /// <summary>The local part without quotes and backslashes: what names are compared with.</summary>
    public string UnquotedLocalPart
    {
        get
        {
            if (LocalPart is not ['"', .. var quoted, '"'])
                return LocalPart;
            return quoted.Contains('\\', StringComparison.Ordinal) ? Unescape(quoted) : quoted;
        }
    }

    /// <summary>The address without brackets.</summary>
    public override string ToString() => Domain is null ? LocalPart : $"{LocalPart}@{Domain}";

    /// <summary>True for the text <c>@ME</c> in any letter case.</summary>
    internal static bool IsMeText(ReadOnlySpan<char> text) => text.Equals("@ME", StringComparison.OrdinalIgnoreCase);

    private static string Unescape(string quoted)
    {
        var text = new StringBuilder();
        for (var i = 0; i < quoted.Length; i++)
        {
            if (quoted[i] == '\\' && i + 1 < quoted.Length)
                i++;
            text.Append(quoted[i]);
        }

        return text.ToString();
    }
}
