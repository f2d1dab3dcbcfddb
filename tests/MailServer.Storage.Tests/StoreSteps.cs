using System.Buffers;
using System.Text;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;

namespace MailServer.Storage.Tests;

/// <summary>What the tests do to a store, in one word each.</summary>
internal static class StoreSteps
{
    public static async Task<Account> AddAsync(this IAccountStore accounts, string name) =>
        await accounts.AddAsync(AccountName.TryParse(name)!, null, CancellationToken.None) ?? throw new InvalidOperationException(name);

    public static async Task<Account?> FindAsync(this IAccountStore accounts, string name) =>
        await accounts.FindAsync(AccountName.TryParse(name)!, CancellationToken.None);

    public static IMessageWriter Begin(this IMailStore mail, params Account[] recipients) =>
        mail.Begin(new Envelope(null, recipients, DateTimeOffset.UnixEpoch));

    public static Task DeliverAsync(this IMailStore mail, string text, params Account[] recipients) =>
        mail.DeliverAsync(Encoding.UTF8.GetBytes(text), recipients);

    public static async Task DeliverAsync(this IMailStore mail, byte[] octets, params Account[] recipients)
    {
        await using var writer = mail.Begin(recipients);
        await writer.WriteInBlocksAsync(octets);
        await writer.CommitAsync(CancellationToken.None);
    }

    /// <summary>Delivers a message that lay elsewhere before. False when it was known.</summary>
    public static async Task<bool> MoveAsync(this IMailStore mail, byte[] octets, Provenance provenance, Account recipient)
    {
        await using var writer = mail.Begin(recipient);
        await writer.WriteInBlocksAsync(octets);
        return await writer.CommitMovedAsync(provenance, CancellationToken.None);
    }

    /// <summary>Writes as a session does: block by block, with a flush after each.</summary>
    public static async Task WriteInBlocksAsync(this IMessageWriter writer, byte[] octets, int block = 16_384)
    {
        for (var start = 0; start < octets.Length; start += block)
        {
            writer.Write(octets.AsSpan(start, Math.Min(block, octets.Length - start)));
            await writer.FlushAsync(CancellationToken.None);
        }
    }

    public static async Task<IMaildrop> OpenAsync(this IMailStore mail, Account account) =>
        await mail.OpenMaildropAsync(account, CancellationToken.None) ?? throw new InvalidOperationException("in use");

    public static async Task<byte[]> OctetsAsync(this IMaildrop maildrop, int index, int buffer = 65_536)
    {
        using var octets = new MemoryStream();
        var block = new byte[buffer];
        int count;
        while ((count = await maildrop.ReadAsync(index, octets.Length, block, CancellationToken.None)) > 0)
            octets.Write(block, 0, count);
        return octets.ToArray();
    }

    public static async Task<string> TextAsync(this IMaildrop maildrop, int index) =>
        Encoding.UTF8.GetString(await maildrop.OctetsAsync(index));

    /// <summary>The texts of all messages of an account, oldest first.</summary>
    public static async Task<List<string>> TextsAsync(this IMailStore mail, Account account)
    {
        await using var maildrop = await mail.OpenAsync(account);
        var texts = new List<string>();
        for (var index = 0; index < maildrop.Entries.Count; index++)
            texts.Add(await maildrop.TextAsync(index));
        return texts;
    }

    public static string UniqueId(this IMaildrop maildrop, int index)
    {
        var id = new byte[IMaildrop.MaxUniqueId];
        return Encoding.Latin1.GetString(id, 0, maildrop.WriteUniqueId(index, id));
    }

    public static async Task UpdateAsync(this IMaildrop maildrop, int[] deleted, int[] read) =>
        await maildrop.CommitAsync(deleted, read, CancellationToken.None);

    public static byte[] Octets(int length)
    {
        var octets = new byte[length];
        new Random(length).NextBytes(octets);
        return octets;
    }
}
