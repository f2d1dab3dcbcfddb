namespace MailServer.Core.Mail;

/// <summary>Something that is not as it should be.</summary>
/// <param name="Problem">What it is.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record Finding(string Problem, string Remedy);
