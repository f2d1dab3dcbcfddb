namespace MailServer.Core.Mail;

/// <summary>A maildrop of which all is there that can be read.</summary>
/// <param name="Maildrop">Its messages; it holds the account's lock until it is disposed.</param>
/// <param name="IsWhole">False when part of its list is damaged, and nobody knows what else lay in it.</param>
public sealed record SalvagedMaildrop(IMaildrop Maildrop, bool IsWhole);
