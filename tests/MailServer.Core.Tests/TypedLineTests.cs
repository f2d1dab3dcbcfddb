using System.Buffers;
using System.Text;
using MailServer.Core.Sessions.Sasl;
using MailServer.Core.Wire;
using MailServer.Testing;

namespace MailServer.Core.Tests;

/// <summary>What comes with a line besides its text: Telnet's commands, backspaces, octets that no line has.</summary>
public sealed class TypedLineTests
{
    private const string Iac = "\xFF";

    [Theory]
    [InlineData("", null)]
    [InlineData("NOOP", null)]
    [InlineData("a\xF4", null)]
    [InlineData(Iac, 0)]
    [InlineData(Iac + "\xEB", null)]
    [InlineData(Iac + "\xEC", 2)]
    [InlineData(Iac + "\xF9", 2)]
    [InlineData(Iac + "A" + "BC", null)]
    [InlineData(Iac + "\xFB", 0)]
    [InlineData(Iac + "\xFB\x01", 3)]
    [InlineData(Iac + "\xFE\x01", 3)]
    [InlineData(Iac + Iac + "ABC", null)]
    [InlineData(Iac + "\xFA\x18\0xterm", 0)]
    [InlineData(Iac + "\xFA\x18\0xterm" + Iac + "\xF0NOOP", 11)]
    public void A_command_of_Telnet_is_taken_when_it_is_whole(string wire, int? taken) => Assert.Equal(taken, Taken(wire));

    [Theory]
    [InlineData(512, 0)]
    [InlineData(513, null)]
    public void A_subnegotiation_without_an_end_is_given_up(int length, int? taken) => Assert.Equal(taken, Taken(Iac + "\xFA" + new string('x', length - 2)));

    [Theory]
    [InlineData("ab\b", "a")]
    [InlineData("ab\x7F\b\b", "")]
    [InlineData("\b", "")]
    [InlineData("bö\b", "b")]
    [InlineData("€\b", "")]
    [InlineData("a😀\bb", "ab")]
    public void A_backspace_takes_back_one_character(string typed, string line) =>
        Assert.Equal(line, Encoding.UTF8.GetString(Telnet.Erase(new(Encoding.UTF8.GetBytes(typed)))));

    [Theory]
    [InlineData("a\xE9\b", "a")]
    [InlineData("\xA9\b", "")]
    [InlineData("a\xA9\xA9\b", "a\xA9")]
    [InlineData("a\xC0\x80\b", "a")]
    public void A_backspace_takes_back_one_octet_where_there_is_no_UTF_8(string typed, string line) =>
        Assert.Equal(line, Octets.Text(Telnet.Erase(new(Octets.Of(typed)))));

    [Theory]
    [InlineData("\x16\x03\x01\r\n")]
    [InlineData(Iac + "\xF4NOOP\r\n")]
    public async Task Within_TLS_no_octet_begins_TLS_or_Telnet(string wire)
    {
        var conversation = Conversation.Smtp(isEncrypted: true);
        Assert.StartsWith("500 5.5.2 A command is UTF-8 text", await conversation.SendAsync(Octets.Of(wire)), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await conversation.SayAsync("NOOP"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_the_first_line_no_octet_begins_TLS()
    {
        var conversation = Conversation.Smtp();
        await conversation.SayAsync("NOOP");
        Assert.StartsWith("500 5.5.2 A command is UTF-8 text", await conversation.SayAsync("\x16\x03\x01"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await conversation.SayAsync("NOOP"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1", true)]
    [InlineData("POST /x HTTP/1.1", true)]
    [InlineData("PUT /x HTTP/1.1", true)]
    [InlineData("HEAD / HTTP/1.1", true)]
    [InlineData("DELETE /x HTTP/1.1", true)]
    [InlineData("OPTIONS * HTTP/1.1", true)]
    [InlineData("PATCH /x HTTP/1.1", true)]
    [InlineData("CONNECT mail.test:25 HTTP/1.1", true)]
    [InlineData("TRACE / HTTP/1.1", true)]
    [InlineData("PRI * HTTP/2.0", true)]
    [InlineData("GET up", false)]
    [InlineData("get / HTTP/1.1", true)]
    [InlineData("PROPFIND / HTTP/1.1 ", true)]
    [InlineData("QUERY /x http/2.0", true)]
    [InlineData("HELP HTTP/1", false)]
    [InlineData("s3cret-HTTP/1.1", false)]
    [InlineData("HELP /", false)]
    public void The_first_line_of_a_browser_is_known_by_its_verb_and_target(string line, bool isHttp) => Assert.Equal(isHttp, CommandText.IsHttpRequest(line));

    [Theory]
    [InlineData("NOOP", "NOOP", "")]
    [InlineData("NOOP ", "NOOP", "")]
    [InlineData("PASS  a b", "PASS", " a b")]
    [InlineData("NOOP\tx", "NOOP", "x")]
    [InlineData(" NOOP", "", "NOOP")]
    public void A_line_is_split_at_its_first_blank(string line, string verb, string argument) => Assert.Equal((verb, argument), CommandText.Split(line));

    [Theory]
    [InlineData("AUTH PLAIN", true)]
    [InlineData("auth ", true)]
    [InlineData("AUTH", false)]
    [InlineData("AU", false)]
    [InlineData("", false)]
    [InlineData("AUTHX x", false)]
    public void A_verb_begins_a_line_when_a_blank_follows(string line, bool begins) => Assert.Equal(begins, CommandText.StartsWithVerb(new(Octets.Of(line)), "AUTH"u8));

    [Theory]
    [InlineData(0x2027, true)]
    [InlineData(0x2028, false)]
    [InlineData(0x202E, false)]
    [InlineData(0x202F, true)]
    [InlineData(0x2065, true)]
    [InlineData(0x2066, false)]
    [InlineData(0x2069, false)]
    [InlineData(0x206A, true)]
    [InlineData(0x061C, false)]
    [InlineData(0x200D, true)]
    [InlineData(0x200E, false)]
    [InlineData(0x200F, false)]
    [InlineData(0x1F, false)]
    [InlineData(0x9F, false)]
    public void What_turns_or_breaks_a_line_is_not_printable(int rune, bool isPrintable) => Assert.Equal(isPrintable, PrintableText.IsPrintable(new(rune)));

    [Theory]
    [InlineData("=", "")]
    [InlineData("Ym9i", "bob")]
    [InlineData(" Ym9i", null)]
    [InlineData("Ym 9i", null)]
    [InlineData("Ym9i\t", null)]
    [InlineData("Ym9", null)]
    [InlineData("/w==", null)]
    public void A_response_is_base64_without_blanks_and_a_lone_equals_sign_is_an_empty_one(string response, string? text) =>
        Assert.Equal(text, SaslMechanisms.TryDecode(response));

    private static int? Taken(string wire)
    {
        var input = new ReadOnlySequence<byte>(Octets.Of(wire));
        return Telnet.TakeCommand(input, new ArrayBufferWriter<byte>()) is { } behind ? (int)input.Slice(0, behind).Length : null;
    }
}
