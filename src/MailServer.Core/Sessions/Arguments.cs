namespace MailServer.Core.Sessions;

/// <summary>What may follow a verb. Checked before the command runs.</summary>
public enum Arguments
{
    /// <summary>Whatever follows is the command's to read, or of no consequence.</summary>
    Any,

    /// <summary>Nothing but blanks.</summary>
    None,

    /// <summary>Something other than blanks.</summary>
    Required,
}
