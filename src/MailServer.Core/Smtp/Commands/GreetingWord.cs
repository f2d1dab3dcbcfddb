namespace MailServer.Core.Smtp.Commands;

/// <summary>The word behind HELO or EHLO.</summary>
internal static class GreetingWord
{
    /// <summary>The first word of the argument; what some clients send behind it means nothing.</summary>
    public static string In(string argument)
    {
        var text = argument.AsSpan().Trim([' ', '\t']);
        var blank = text.IndexOfAny(' ', '\t');
        return (blank < 0 ? text : text[..blank]).ToString();
    }
}
