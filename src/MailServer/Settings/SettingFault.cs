using MailServer.Core.Wire;

namespace MailServer.Settings;

/// <summary>
/// A setting cannot be used; the message says in one line where it stands, what it is and what would be right. What a value holds that would end
/// the line or steer a terminal is shown as a question mark.
/// </summary>
public sealed class SettingFault(string message) : Exception(PrintableText.Of(message, '?'));
