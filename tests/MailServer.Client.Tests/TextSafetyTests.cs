using MailClient;
using MailClient.Mime;
using MailClient.Screens;

namespace MailServer.Client.Tests;

public sealed class TextSafetyTests
{
    [Theory]
    [InlineData("report.pdf", "report.pdf")]
    [InlineData("../x", "x")]
    [InlineData("..", "nothing")]
    [InlineData("...", "nothing")]
    [InlineData("", "nothing")]
    [InlineData(null, "nothing")]
    [InlineData("/etc/passwd", "passwd")]
    [InlineData("C:\\windows\\system32\\evil.exe", "evil.exe")]
    [InlineData("a/..\\b/", "nothing")]
    [InlineData("C:evil.txt", "C_evil.txt")]
    [InlineData("a.txt:stream", "a.txt_stream")]
    [InlineData("CON", "_CON")]
    [InlineData("con.txt", "_con.txt")]
    [InlineData("Com1 .tar.gz", "_Com1 .tar.gz")]
    [InlineData("console.txt", "console.txt")]
    [InlineData("new\r\nline\x1B[31m\0.txt", "newline[31m.txt")]
    [InlineData("gnp\u202Etxt.exe", "gnptxt.exe")]
    [InlineData(".bashrc", "bashrc")]
    [InlineData("-rf", "_-rf")]
    [InlineData("trailing. . ", "trailing")]
    [InlineData("what?*<>|\".txt", "what______.txt")]
    [InlineData("Grüße 会議.txt", "Grüße 会議.txt")]
    public void A_file_name_is_made_safe(string? wish, string name) => Assert.Equal(name, SafeFileName.From(wish, "nothing"));

    [Theory]
    [InlineData("x")]
    [InlineData("会")]
    [InlineData("\U0001F337")]
    public void A_long_file_name_keeps_its_extension_and_whole_characters(string character)
    {
        var name = SafeFileName.From(string.Concat(Enumerable.Repeat(character, 1_000)) + ".pdf", "nothing");
        Assert.EndsWith(character + ".pdf", name, StringComparison.Ordinal);
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(name), 150, 200);
    }

    [Fact]
    public void A_file_that_is_there_is_not_written_over_and_a_link_is_not_followed()
    {
        var folder = Directory.CreateTempSubdirectory("mailclient-names-");
        try
        {
            var outside = Path.Combine(folder.FullName, "outside");
            File.CreateSymbolicLink(Path.Combine(folder.FullName, "a.txt"), outside);
            Assert.Throws<IOException>(() => CreateOnly(folder.FullName, "a.txt"));
            File.WriteAllText(outside, "kept");
            using (SafeFileName.Create(folder.FullName, "a.txt"))
            using (SafeFileName.Create(folder.FullName, "a.txt"))
            {
                Assert.Equal("kept", File.ReadAllText(outside));
            }

            Assert.True(File.Exists(Path.Combine(folder.FullName, "a (2).txt")));
            Assert.True(File.Exists(Path.Combine(folder.FullName, "a (3).txt")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\x1B[2J\x1B]0;title\a", "[2J ]0;title")]
    [InlineData("two\r\nlines\tand\u2028more", "two  lines and more")]
    [InlineData("\u009B31m c1", "31m c1")]
    [InlineData("\u202Eevil\u2066\uFEFF\u200B", "evil")]
    [InlineData("\U000E0041tag", "tag")]
    public void A_line_for_the_terminal_moves_nothing(string text, string line) => Assert.Equal(line, TerminalText.OneLine(text));

    [Fact]
    public void Lines_for_the_terminal_keep_their_ends_and_tab_stops() =>
        Assert.Equal("a       b\n\uFFFD[31m\n", TerminalText.Lines("a\tb\r\n\x1B[31m\r\n"));

    [Fact]
    public void Text_is_broken_between_words_by_the_columns_it_takes()
    {
        Assert.Equal(["会議会", "議 abc", "defghij", "k"], CellText.Wrap("会議会議 abc defghijk", 7).Select(line => line.Trim()));
        Assert.Equal(["a b", "", "c"], CellText.Wrap("a b\n\nc", 3));
        Assert.Equal("会…", CellText.Fit("会議会議", 4));
        Assert.Equal("abcd", CellText.Fit("abcd", 4));
    }

    [Theory]
    [InlineData("a@b", true)]
    [InlineData("alice.b+c@mail.example.org", true)]
    [InlineData("jürgen@münchen.example", true)]
    [InlineData("a@[127.0.0.1]", true)]
    [InlineData("alice", false)]
    [InlineData("@b", false)]
    [InlineData("a@", false)]
    [InlineData("a b@c", false)]
    [InlineData("a@b c", false)]
    [InlineData("a@b>\r\nRCPT TO:<c@d", false)]
    [InlineData("<a@b>", false)]
    [InlineData("a@b@c", false)]
    [InlineData("a..b@c", false)]
    [InlineData("a@-b", false)]
    [InlineData("a@b..c", false)]
    public void An_address_is_name_at_domain(string address, bool isOne) => Assert.Equal(isOne, MailAddress.Problem(address) is null);

    [Theory]
    [InlineData("<p>One</p><p>Two &amp; &lt;three&gt;</p>", "One\n\nTwo & <three>")]
    [InlineData("a\n  b<br>c<br/><br>d", "a b\nc\n\nd")]
    [InlineData("<style>p{}</style><script>if (a<b) x()</script>x<!-- <p>hidden -->y", "xy")]
    [InlineData("<a href=\"https://evil.example/\">https://bank.example</a>", "https://bank.example <https://evil.example/>")]
    [InlineData("<a href=https://x.example>https://x.example/</a>", "https://x.example/")]
    [InlineData("<ul><li>a<li>b</ul>c", "- a\n- b\n\nc")]
    [InlineData("<img src=x alt='A picture'>", "[A picture]")]
    [InlineData("1 < 2", "1 < 2")]
    [InlineData("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc")]
    public void Html_becomes_text(string html, string text) => Assert.Equal(text, HtmlText.Convert(html));

    private static void CreateOnly(string folder, string name)
    {
        using var file = new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write);
    }
}
