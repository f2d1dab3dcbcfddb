using System.Text;

namespace MailServer.Interop.Tests;

public class PostfixTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Program = "postfix";

    [NeedsTheory(Program)]
    [InlineData("smtp_discard_ehlo_keywords =", 200, "ESMTP")]
    [InlineData("smtp_discard_ehlo_keywords = pipelining", 50, "ESMTP")]
    [InlineData("smtp_tls_security_level = encrypt", 50, "ESMTPS")]
    public async Task Hands_over_every_message_once(string setting, int count, string protocol)
    {
        var bob = await server.AddAccountAsync();
        await using var postfix = await PostfixInstance.StartAsync(server.Smtp, setting);
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) =>
            (await server.RunAsync("sendmail", ["-C", postfix.Settings, "-i", "-f", RunningServer.Sender, bob.Address],
                Letters.WithBareLineFeeds(Letter(number)))).MustSucceed());
        await postfix.ReadLogAsync("status=sent", count);
        Assert.DoesNotContain("status=deferred", postfix.Log, StringComparison.Ordinal);

        var messages = await server.ReadMailboxAsync(bob);
        Assert.Equal(count, messages.Count);
        var bySubject = messages.ToDictionary(Subject);
        for (var number = 0; number < count; number++)
            Letters.MustHaveText(Letter(number), bySubject[$"Number {number}"], protocol);
    }

    private static byte[] Letter(int number) => Letters.Plain($"Number {number}");

    private static string Subject(byte[] message)
    {
        var text = Encoding.Latin1.GetString(message);
        var start = text.IndexOf("\r\nSubject: ", StringComparison.Ordinal) + "\r\nSubject: ".Length;
        return text[start..text.IndexOf("\r\n", start, StringComparison.Ordinal)];
    }
}
