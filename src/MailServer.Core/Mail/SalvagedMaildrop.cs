namespace MailServer.Core.Mail;

/// <summary>A maildrop of which all is there that can be read.</summary>
/// <param name="maildrop">Its messages.</param>
/// <param name="isWhole">False when part of its list is damaged, and nobody knows what else lay in it.</param>
/// <param name="source">What the messages are read from; disposed with the maildrop.</param>
public sealed class SalvagedMaildrop(IMaildrop maildrop, bool isWhole, IDisposable source) : IAsyncDisposable
{
    public IMaildrop Maildrop => maildrop;

    public bool IsWhole => isWhole;

    public async ValueTask DisposeAsync()
    {
        await maildrop.DisposeAsync();
        source.Dispose();
    }
}
