namespace MailServer.Cli;

/// <summary>What an export writes.</summary>
internal enum ExportFormat
{
    /// <summary>One file for all messages.</summary>
    Mbox,

    /// <summary>A folder as mail programs keep it, with a list of the unique-ids.</summary>
    Maildir,

    /// <summary>A folder with a file for every message.</summary>
    Eml,
}
