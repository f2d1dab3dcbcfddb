using MailClient;
using MailClient.Mailbox;
using MailClient.Mime;
using MailClient.Net;

namespace MailServer.Client.Tests;

/// <summary>Both dialogues with the real server.</summary>
public sealed class DialogueTests(ClientTestServer servers) : IClassFixture<ClientTestServer>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_sent_is_listed_read_and_deleted(bool isTls)
    {
        var user = await servers.NewUserAsync();
        var connector = servers.Connector(isTls);
        await using (var smtp = await connector.OpenSmtpAsync(isTls ? servers.SmtpTls : servers.Smtp, () => user))
        {
            var message = new OutgoingMessage($"{user.User}@mail.test", [$"{user.User}@mail.test", "postmaster@mail.test"], "Grüße", ".\n..\ntext ü\n");
            await smtp.SendAsync(message, TimeProvider.System, progress: null);
            await smtp.SendAsync(message with { Subject = "second" }, TimeProvider.System, progress: null);
            await smtp.QuitAsync();
        }

        var address = isTls ? servers.Pop3Tls : servers.Pop3;
        await using (var mailbox = await OpenAsync(connector, address, user))
        {
            Assert.Equal(["Grüße", "second"], mailbox.Rows.Select(row => row.Summary.Subject));
            Assert.Equal(".\n..\ntext ü", (await mailbox.ReadAsync(1, progress: null)).Text.ReplaceLineEndings("\n").TrimEnd());
            await mailbox.DeleteAsync(2);
            await mailbox.UndeleteAsync();
            await mailbox.DeleteAsync(1);
            await mailbox.LeaveAsync();
        }

        await using var after = await OpenAsync(connector, address, user);
        Assert.Equal(["second"], after.Rows.Select(row => row.Summary.Subject));
    }

    [Fact]
    public async Task A_session_that_breaks_off_deletes_nothing()
    {
        var user = await servers.NewUserAsync();
        await servers.SendAsync(user, "kept", "x");
        await using (var mailbox = await OpenAsync(servers.Connector(), servers.Pop3, user))
            await mailbox.DeleteAsync(1);

        await using var after = await OpenAsync(servers.Connector(), servers.Pop3, user);
        Assert.Single(after.Rows);
    }

    [Fact]
    public async Task Many_headers_are_read_at_a_time_and_a_message_is_new_until_it_was_read()
    {
        var user = await servers.NewUserAsync();
        for (var i = 1; i <= 120; i++)
            await servers.SendAsync(user, $"message {i}", "x");
        var folder = servers.NewFolder();

        await using (var mailbox = await OpenAsync(servers.Connector(), servers.Pop3, user, folder))
        {
            Assert.Equal(Enumerable.Range(1, 120).Select(i => $"message {i}"), mailbox.Rows.Select(row => row.Summary.Subject));
            Assert.All(mailbox.Rows, row => Assert.True(row.IsNew));
            await mailbox.ReadAsync(2, progress: null);
            await mailbox.DeleteAsync(1);
            await mailbox.LeaveAsync();
        }

        await using var after = await OpenAsync(servers.Connector(), servers.Pop3, user, folder);
        Assert.Equal([1], after.Rows.Where(row => !row.IsNew).Select(row => row.Number));
    }

    [Fact]
    public async Task A_saved_message_is_what_the_server_has_and_attachments_are_their_files()
    {
        var user = await servers.NewUserAsync();
        var folder = servers.NewFolder();
        var file = new FileInfo(Path.Combine(folder, "photo.jpg"));
        await File.WriteAllBytesAsync(file.FullName, [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 7))]);
        await servers.SendAsync(user, "../../a\\b: x", ".dots\n", file);

        await using var mailbox = await OpenAsync(servers.Connector(), servers.Pop3, user);
        var path = await mailbox.SaveAsync(1, folder, progress: null);
        var paths = await OpenMailbox.SaveAttachmentsAsync(await mailbox.ReadAsync(1, progress: null), folder);

        Assert.Equal(folder, Path.GetDirectoryName(path));
        Assert.Equal(mailbox.Rows[0].Octets, new FileInfo(path).Length);
        Assert.Contains("\r\n.dots\r\n", await File.ReadAllTextAsync(path), StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllBytesAsync(file.FullName), await File.ReadAllBytesAsync(Assert.Single(paths)));
    }

    [Fact]
    public async Task When_one_recipient_is_refused_nobody_gets_the_message()
    {
        var user = await servers.NewUserAsync();
        await using var smtp = await servers.Connector().OpenSmtpAsync(servers.Smtp, credentials: null);
        var message = new OutgoingMessage("a@example.org", [$"{user.User}@mail.test", "nobody@mail.test"], "s", "b");

        var fault = await Assert.ThrowsAsync<ClientFault>(() => smtp.SendAsync(message, TimeProvider.System, progress: null));

        Assert.Contains("nobody@mail.test (550", fault.Message, StringComparison.Ordinal);
        await smtp.SendAsync(message with { To = [$"{user.User}@mail.test"] }, TimeProvider.System, progress: null);
        await using var mailbox = await OpenAsync(servers.Connector(), servers.Pop3, user);
        Assert.Single(mailbox.Rows);
    }

    [Fact]
    public async Task A_message_whose_file_cannot_be_read_is_not_delivered_in_part()
    {
        var user = await servers.NewUserAsync();
        var file = new FileInfo(Path.Combine(servers.NewFolder(), "gone"));
        await File.WriteAllTextAsync(file.FullName, "x");
        Assert.True(file.Exists);
        File.Delete(file.FullName);
        await Assert.ThrowsAsync<FileNotFoundException>(() => servers.SendAsync(user, "s", "b", file));

        await using var mailbox = await OpenAsync(servers.Connector(), servers.Pop3, user);
        Assert.Empty(mailbox.Rows);
    }

    [Fact]
    public async Task A_wrong_password_is_a_failed_login_on_both_sides()
    {
        var user = await servers.NewUserAsync();
        var wrong = new Credentials(user.User, "wrong");
        var pop3 = await Assert.ThrowsAsync<LoginFault>(() => servers.Connector().OpenPop3Async(servers.Pop3, () => wrong));
        var smtp = await Assert.ThrowsAsync<LoginFault>(() => servers.Connector().OpenSmtpAsync(servers.Smtp, () => wrong));

        Assert.All(new[] { pop3, smtp }, fault => Assert.StartsWith($"the login as {user.User} failed", fault.Message, StringComparison.Ordinal));
        Assert.All(new[] { pop3, smtp }, fault => Assert.DoesNotContain("wrong password", fault.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_certificate_is_asked_about_once_for_a_host_and_remembered()
    {
        var questions = new List<string>();
        var known = new KnownServers(servers.NewFolder());
        var user = await servers.NewUserAsync();
        for (var i = 0; i < 2; i++)
        {
            var connector = new Connector(new CertificateTrust(known, [], Answer), isTls: false, isInsecure: false);
            await using var smtp = await connector.OpenSmtpAsync(servers.Smtp, () => user);
            await using var pop3 = await connector.OpenPop3Async(servers.Pop3, () => user);
        }

        Assert.Contains(servers.Fingerprint, Assert.Single(questions), StringComparison.Ordinal);
        Assert.Equal(servers.Fingerprint, known.Find(servers.Pop3));

        bool Answer(string question)
        {
            questions.Add(question);
            return true;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_changed_certificate_is_refused_before_a_password_is_sent(bool isTls)
    {
        var known = new KnownServers(servers.NewFolder());
        var address = isTls ? servers.Pop3Tls : servers.Pop3;
        known.Remember(address, "AB:CD");
        var connector = new Connector(new CertificateTrust(known, [], _ => true), isTls, isInsecure: true);

        var fault = await Assert.ThrowsAsync<ClientFault>(() => connector.OpenPop3Async(address, () => throw new InvalidOperationException("asked for the password")));

        Assert.Contains("has changed: it was AB:CD", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"--trust {servers.Fingerprint}", fault.Message, StringComparison.Ordinal);
        Assert.Equal("AB:CD", known.Find(address));
    }

    [Fact]
    public async Task A_certificate_that_is_declined_or_that_nobody_can_be_asked_about_ends_the_connection()
    {
        var known = new KnownServers(servers.NewFolder());
        foreach (var ask in new Func<string, bool>?[] { _ => false, null })
        {
            var connector = new Connector(new CertificateTrust(known, [], ask), isTls: false, isInsecure: true);
            await Assert.ThrowsAsync<ClientFault>(() => connector.OpenSmtpAsync(servers.Smtp, credentials: null));
        }

        Assert.Null(known.Find(servers.Smtp));
    }

    [Fact]
    public async Task A_trusted_fingerprint_shuts_out_every_other()
    {
        var trust = new CertificateTrust(new KnownServers(servers.NewFolder()), ["00:11"], _ => true);
        var fault = await Assert.ThrowsAsync<ClientFault>(() => new Connector(trust, isTls: false, isInsecure: true).OpenSmtpAsync(servers.Smtp, credentials: null));
        Assert.Contains("--trust", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_password_opens_an_account_that_has_none()
    {
        var credentials = new Credentials("passwordless", "");
        await using (var connection = await MailConnection.ConnectAsync(servers.Smtp))
        {
            // A greeting with a bare name makes an account without a password.
            await connection.ReadLineAsync();
            await connection.WriteLinesAsync("HELO passwordless");
            Assert.StartsWith("250", await connection.ReadLineAsync(), StringComparison.Ordinal);
        }

        await using var pop3 = await servers.Connector().OpenPop3Async(servers.Pop3, () => credentials);
        Assert.Empty(await pop3.ListAsync());
    }

    private async Task<OpenMailbox> OpenAsync(Connector connector, ServerAddress address, Credentials user, string? folder = null)
    {
        var dialogue = await connector.OpenPop3Async(address, () => user);
        var mailbox = new OpenMailbox(dialogue, new SeenMessages(folder ?? servers.NewFolder(), address, user.User));
        await mailbox.CountAsync();
        await mailbox.LoadAsync(progress: null);
        return mailbox;
    }
}
