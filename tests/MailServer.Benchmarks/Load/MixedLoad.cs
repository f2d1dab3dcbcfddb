using System.Net;

namespace MailServer.Benchmarks.Load;

/// <summary>Senders, and at the same time a reader for each account that empties its maildrop again and again.</summary>
internal sealed record MixedLoad(SmtpLoad Smtp, IPEndPoint Pop3)
{
    /// <summary>The result is the senders'; what the readers took stands in its name.</summary>
    public async Task<LoadResult> RunAsync()
    {
        using var ended = new CancellationTokenSource();
        var readers = Enumerable.Range(0, Smtp.Accounts.Count).Select(index => EmptyAsync(index, ended.Token)).ToArray();
        var result = await Smtp.RunAsync();
        await ended.CancelAsync();
        var taken = await Task.WhenAll(readers);
        return result with
        {
            Name = $"mixed: {result.Name}, {taken.Sum(reader => reader.Count)} messages taken by {taken.Length} readers",
            Errors = result.Errors + taken.Sum(reader => reader.Errors),
            FirstError = result.FirstError ?? taken.FirstOrDefault(reader => reader.FirstError is not null).FirstError,
        };
    }

    private async Task<(long Count, long Errors, string? FirstError)> EmptyAsync(int index, CancellationToken ended)
    {
        var own = Smtp.Accounts with { Name = Smtp.Accounts.NameOf(index), Count = 1, IsNumbered = false };
        var load = new Pop3Load(Pop3, own, Pop3Work.Dele) { IsPipelining = true };
        var (count, errors, firstError) = (0L, 0L, (string?)null);
        while (!ended.IsCancellationRequested)
        {
            try
            {
                var result = await load.RunAsync();
                count += result.Count;
                errors += result.Errors;
                firstError ??= result.FirstError;
            }
            catch (Exception exception) when (LoadRun.IsServers(exception))
            {
                errors++;
                firstError ??= exception.Message;
                return (count, errors, firstError);
            }
        }

        return (count, errors, firstError);
    }
}
