namespace MailServer.Settings;

/// <summary>What a line of the log looks like.</summary>
public enum LogFormat
{
    /// <summary>Time, level, source and a sentence.</summary>
    Text,

    /// <summary>A JSON object: the same, with every value under its name.</summary>
    Json,
}
