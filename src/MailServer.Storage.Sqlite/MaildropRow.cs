namespace MailServer.Storage.Sqlite;

/// <summary>A message as it lies in an account's maildrop.</summary>
/// <param name="Uid">Its number in the order of delivery, never used again.</param>
/// <param name="Message">The id of the message, which other maildrops may share.</param>
/// <param name="Size">Octets of the message as it is handed out.</param>
/// <param name="IsRead">True once a session has sent it whole.</param>
/// <param name="UniqueId">What it brought along when it was moved here; null: its number and the store make one.</param>
internal readonly record struct MaildropRow(long Uid, long Message, long Size, bool IsRead, string? UniqueId);
