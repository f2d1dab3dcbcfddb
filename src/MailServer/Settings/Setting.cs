namespace MailServer.Settings;

/// <summary>A row of the table of settings. Its name gives the option, the JSON key and the environment variable.</summary>
/// <param name="Name">As on the command line, without the dashes: <c>pop3-listing</c>.</param>
/// <param name="Form">What a value looks like, for the help; empty for a flag.</param>
/// <param name="Default">The default in words, for the help.</param>
/// <param name="Help">What it is.</param>
/// <param name="Apply">Puts the values, of which there are several only in a repeatable setting, into the settings.</param>
internal sealed record Setting(
    string Name,
    string Form,
    string Default,
    string Help,
    Func<ServerSettings, IReadOnlyList<string>, ServerSettings> Apply)
{
    public bool IsRepeatable { get; init; }

    /// <summary>What is in force when nothing is chosen, where the words of the default do not say it.</summary>
    public Func<ServerSettings, string>? InForce { get; init; }

    /// <summary>A value as it may be shown: without what is secret in it.</summary>
    public Func<string, string> Shown { get; init; } = text => text;

    public bool IsFlag => Form.Length == 0;

    public string Option => "--" + Name;

    public string Variable => "MAILSERVER_" + Name.Replace('-', '_').ToUpperInvariant();

    public string Key
    {
        get
        {
            var words = Name.Split('-');
            return words[0] + string.Concat(words.Skip(1).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        }
    }
}
