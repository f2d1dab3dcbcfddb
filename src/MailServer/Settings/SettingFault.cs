namespace MailServer.Settings;

/// <summary>A setting cannot be used; the message says in one line where it stands, what it is and what would be right.</summary>
public sealed class SettingFault(string message) : Exception(message);
