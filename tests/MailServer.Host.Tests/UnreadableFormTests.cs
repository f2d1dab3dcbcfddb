namespace MailServer.Host.Tests;

/// <summary>Files whose octets are no message's, because a program has compressed or encrypted what is in them, and some that only look so.</summary>
public sealed class UnreadableFormTests : ImportTest
{
    [Theory]
    [InlineData("\u001F\u008B\u0008\0rest", "it is compressed; unpack it first: gzip -dc")]
    [InlineData("\u001F\u009Drest", "it is compressed; unpack it first: gzip -dc")]
    [InlineData("BZh91AY&SYrest", "it is compressed; unpack it first: bzip2 -dc")]
    [InlineData("\u00FD7zXZ\0rest", "it is compressed; unpack it first: xz -dc")]
    [InlineData("\u0028\u00B5\u002F\u00FDrest", "it is compressed; unpack it first: zstd -dc")]
    [InlineData("\u0004\"M\u0018rest", "it is compressed; unpack it first: lz4 -dc")]
    [InlineData("Dovecot-LZ4\r*\u009B\u00C5rest", "it is compressed by Dovecot; let Dovecot copy the mailbox")]
    [InlineData("CRYPTED\u0003\u0007rest", "it is encrypted by Dovecot; let Dovecot copy the mailbox")]
    [InlineData("\u00FF\u00FES\0u\0b\0", "it is UTF-16 text; convert it first")]
    public async Task A_message_that_a_program_has_wrapped_has_a_line_wherever_it_lies(string octets, string reason)
    {
        string[] places = ["tree/box/cur/1763699843.M1P2.box,S=9", "tree/box/new/1763699843.M1P3.box", "tree/mh/12", "tree/m.eml", "tree/m.emlx", "tree/mbox.gz", "named"];
        foreach (var place in places)
            Write(place, octets);
        Write("tree/zebra.eml", "Subject: good\n\nb\n");
        await MakeAsync();

        var (exitCode, output, errors) = await ImportAsync("tree", "named");

        Assert.Equal(1, exitCode);
        Assert.Contains($"1 messages found, 1 messages taken, 0 known from before, 0 skipped, {places.Length} files failed", output, StringComparison.Ordinal);
        foreach (var place in places)
            Assert.Contains($"{place} is skipped: {reason}", Assert.Single(Lines(errors), line => line.Contains(place + " ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compressed_message_has_a_line_where_its_name_says_so_too()
    {
        if (OperatingSystem.IsWindows())
            return;
        Write("tree/box/cur/1763699843.M1P2.box,S=9:2,SZ", "\u001F\u008B\u0008\0rest");
        Write("tree/box/cur/1763699843.M1P3.box:2,SZ", "Subject: good\n\nb\n");
        await MakeAsync();

        await AssertOneIsLeftOutAsync("is skipped: it is compressed; unpack it first: gzip -dc");
    }

    [Theory]
    [InlineData("BZh9 is how bzip2 begins\n")]
    [InlineData("CRYPTED is a word\n")]
    [InlineData("Dovecot-LZ4 is another\n")]
    [InlineData("\0\u0001\u00FF, and no header at all\n")]
    [InlineData("PK\u0003\u0004 and \u0089PNG mean nothing here\n")]
    [InlineData("\u001F")]
    public async Task Every_other_octet_in_a_Maildir_is_the_message_s(string octets)
    {
        Directory.CreateDirectory(At("box/cur"));
        Write("box/cur/1763699843.M1P2.box", octets);
        await MakeAsync();

        var (exitCode, _, errors) = await ImportAsync("box");

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.StartsWith(octets.TrimEnd('\n'), Assert.Single(await ListAsync(withDates: false)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_lies_beside_mail_may_be_compressed()
    {
        Write("tree/.hidden", "\u001F\u008B\u0008\0rest");
        Write("tree/zebra.eml", "Subject: good\n\nb\n");
        await MakeAsync();

        var (exitCode, _, errors) = await ImportAsync("tree");
        Assert.Equal((0, ""), (exitCode, errors));
    }
}
