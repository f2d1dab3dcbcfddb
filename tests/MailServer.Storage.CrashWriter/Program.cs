using System.Text;
using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Storage.Sqlite;

// Several senders at once, small messages and streamed ones. A message's first line is its id, which is printed once the
// message is on disk.
const int Senders = 4;
const int LargeMessage = 700_000;

var directory = args[0];
await using var store = SqliteStorage.Open(directory, sweep: true);
var name = AccountName.TryParse("bob")!;
var bob = await store.Accounts.FindAsync(name, CancellationToken.None) ?? await store.Accounts.AddAsync(name, null, CancellationToken.None);

await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(() => SendForeverAsync(sender))));
return 0;

async Task SendForeverAsync(int sender)
{
    for (var count = 0; ; count++)
    {
        var id = $"{Environment.ProcessId}-{sender}-{count}";
        await using var writer = store.Mail.Begin(new Envelope(null, [bob!], DateTimeOffset.UnixEpoch));
        Write(writer, id + "\r\n");
        if (sender == 0)
        {
            while (writer.Length < LargeMessage)
            {
                Write(writer, id.PadRight(8192, '.'));
                await writer.FlushAsync(CancellationToken.None);
            }
        }

        await writer.CommitAsync(CancellationToken.None);
        Console.WriteLine(id);
    }
}

static void Write(IMessageWriter writer, string text)
{
    var octets = Encoding.ASCII.GetBytes(text);
    octets.CopyTo(writer.GetSpan(octets.Length));
    writer.Advance(octets.Length);
}
