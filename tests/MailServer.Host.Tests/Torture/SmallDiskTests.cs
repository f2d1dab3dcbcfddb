using System.Net;
using Xunit.Abstractions;

namespace MailServer.Host.Tests.Torture;

/// <summary>A disk that fills, and one that cannot be written.</summary>
[Trait("Category", "Torture")]
public sealed class SmallDiskTests(ITestOutputHelper output)
{
    private static readonly string _text = string.Concat(Enumerable.Repeat(new string('x', 78) + "\r\n", 1250));

    [NeedsFact("mount")]
    public async Task A_full_disk_loses_nothing_and_goes_on_when_mail_is_deleted()
    {
        using var disk = Mount.Tmpfs("8m");
        var server = await TortureServer.StartAsync(disk.Directory);
        try
        {
            await server.MakeAccountsAsync("bob");
            var first = await FillAsync(server.Smtp, 0);
            Assert.NotEmpty(first);
            Assert.Equal(first, await ReadAsync(server.Pop3, delete: first.Count - 2));

            var more = await FillAsync(server.Smtp, first.Count);
            Assert.NotEmpty(more);
            List<string> kept = [.. first.TakeLast(2), .. more];
            Assert.Equal(kept, await ReadAsync(server.Pop3, delete: 0));

            await server.KillAsync();
            server.Dispose();
            server = await TortureServer.StartAsync(disk.Directory);
            Assert.Equal(kept, await ReadAsync(server.Pop3, delete: kept.Count));
            output.WriteLine($"8 MB took {first.Count} messages of 100 KB, and {more.Count} more after all but 2 were deleted");
            Assert.Equal(0, (await server.StopAsync()).ExitCode);
            Assert.Empty(StoreInspection.Leftovers(disk.Directory));
        }
        finally
        {
            server.Dispose();
        }
    }

    [NeedsFact("mount")]
    public async Task A_disk_that_others_fill_to_the_last_octet_loses_nothing()
    {
        using var disk = Mount.Tmpfs("8m");
        using var server = await TortureServer.StartAsync(disk.Directory);
        await server.MakeAccountsAsync("bob");
        using var sender = await MailTestClient.GreetedAsync(server.Smtp);
        await sender.AskAsync("EHLO client.test");
        Assert.StartsWith("250", await sender.DeliverAsync("bob", "Subject: 0\r\n\r\n" + _text), StringComparison.Ordinal);

        var filling = Path.Combine(disk.Directory, "filling");
        Fill(filling);
        Assert.StartsWith("452 4.3.1", await sender.DeliverAsync("bob", "Subject: 1\r\n\r\n" + _text), StringComparison.Ordinal);
        using (var reader = await MailTestClient.GreetedAsync(server.Pop3))
        {
            Assert.StartsWith("+OK Logged in, 1 message ", await reader.AskAsync("USER bob"), StringComparison.Ordinal);
            Assert.StartsWith("+OK", await reader.AskAsync("RETR 1"), StringComparison.Ordinal);
            Assert.NotNull(await reader.ReadLinesAsync());
            await reader.AskAsync("DELE 1");
            output.WriteLine($"QUIT with a deletion on a full disk: {await reader.AskAsync("QUIT")}");
        }

        File.Delete(filling);
        Assert.StartsWith("250", await sender.DeliverAsync("bob", "Subject: 2\r\n\r\n" + _text), StringComparison.Ordinal);
        Assert.Equal(0, (await server.StopAsync()).ExitCode);
        Assert.Empty(StoreInspection.Leftovers(disk.Directory));
    }

    [NeedsFact("mount")]
    public async Task A_data_directory_that_cannot_be_written_ends_the_start_with_one_line()
    {
        var parent = Directory.CreateTempSubdirectory("mailserver-readonly-");
        try
        {
            using (var server = await TortureServer.StartAsync(parent.FullName))
                await server.StopAsync();
            using var mount = Mount.ReadOnly(parent.FullName);
            var (exitCode, _, errors) = await MailServerProcess.RunAsync(["--data", mount.Directory, "--smtp", "0", "--pop3", "0"]);
            output.WriteLine(errors);
            Assert.Equal(1, exitCode);
            CommandLineTests.AssertOneLine(errors);
            Assert.Contains(mount.Directory, errors, StringComparison.Ordinal);
        }
        finally
        {
            parent.Delete(recursive: true);
        }
    }

    [NeedsFact("prlimit")]
    public async Task A_store_that_cannot_be_written_any_more_is_a_passing_trouble_and_never_an_empty_mailbox()
    {
        var data = Directory.CreateTempSubdirectory("mailserver-frozen-");
        try
        {
            using var server = await TortureServer.StartFreezableAsync(data.FullName);
            await server.MakeAccountsAsync("bob");
            using var sender = await MailTestClient.GreetedAsync(server.Smtp);
            await sender.AskAsync("EHLO client.test");
            Assert.StartsWith("250", await sender.DeliverAsync("bob", "Subject: 0\r\n\r\n" + _text), StringComparison.Ordinal);

            // A file system with open files cannot be made read-only; a process that may write no file comes close.
            Mount.Run("prlimit", $"--pid={server.Id}", "--fsize=0:unlimited");
            Assert.StartsWith("4", await sender.DeliverAsync("bob", "Subject: 1\r\n\r\n" + _text), StringComparison.Ordinal);
            Assert.StartsWith("4", await sender.AskAsync("HELO carol"), StringComparison.Ordinal);
            using (var reader = await MailTestClient.GreetedAsync(server.Pop3))
            {
                Assert.StartsWith("+OK Logged in, 1 message ", await reader.AskAsync("USER bob"), StringComparison.Ordinal);
                Assert.StartsWith("+OK", await reader.AskAsync("RETR 1"), StringComparison.Ordinal);
                Assert.NotNull(await reader.ReadLinesAsync());
                await reader.AskAsync("DELE 1");
                Assert.StartsWith("-ERR [SYS/TEMP]", await reader.AskAsync("QUIT"), StringComparison.Ordinal);
            }

            Mount.Run("prlimit", $"--pid={server.Id}", "--fsize=unlimited:unlimited");
            await sender.AskAsync("EHLO client.test");
            Assert.StartsWith("250", await sender.DeliverAsync("bob", "Subject: 2\r\n\r\n" + _text), StringComparison.Ordinal);
            Assert.Equal(["Subject: 0", "Subject: 2"], await ReadAsync(server.Pop3, delete: 0));
            Assert.Equal(0, (await server.StopAsync()).ExitCode);
            Assert.Empty(StoreInspection.Leftovers(data.FullName));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    // Sends until there is no room; gives the subjects that were answered 250.
    private static async Task<List<string>> FillAsync(IPEndPoint smtp, int from)
    {
        var acknowledged = new List<string>();
        using var client = await MailTestClient.GreetedAsync(smtp);
        await client.AskAsync("EHLO client.test");
        for (var number = from; ; number++)
        {
            var answer = await client.DeliverAsync("bob", $"Subject: {number}\r\n\r\n{_text}");
            if (answer?.StartsWith("250", StringComparison.Ordinal) != true)
            {
                Assert.StartsWith("452 4.3.1", answer, StringComparison.Ordinal);
                return acknowledged;
            }

            acknowledged.Add($"Subject: {number}");
        }
    }

    // The subjects in the mailbox, of which so many are deleted.
    private static async Task<List<string>> ReadAsync(IPEndPoint pop3, int delete)
    {
        using var client = await MailTestClient.GreetedAsync(pop3);
        Assert.StartsWith("+OK Logged in", await client.AskAsync("USER bob"), StringComparison.Ordinal);
        await client.AskAsync("RETR");
        var lines = await client.ReadLinesAsync();
        for (var number = 1; number <= delete; number++)
            Assert.StartsWith("+OK", await client.AskAsync($"DELE {number}"), StringComparison.Ordinal);
        Assert.StartsWith("+OK", await client.AskAsync("QUIT"), StringComparison.Ordinal);
        return [.. lines!.Where(line => line.StartsWith("Subject: ", StringComparison.Ordinal))];
    }

    private static void Fill(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        var block = new byte[4096];
        try
        {
            for (var position = 0L; ; position += block.Length)
                RandomAccess.Write(file, block, position);
        }
        catch (IOException)
        {
            // No room is left, as wanted.
        }
    }
}
