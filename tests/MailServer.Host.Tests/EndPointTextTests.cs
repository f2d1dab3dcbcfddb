using MailServer.Settings;

namespace MailServer.Host.Tests;

public class EndPointTextTests
{
    [Theory]
    [InlineData("25", "127.0.0.1:25 [::1]:25")]
    [InlineData("0", "127.0.0.1:0 [::1]:0")]
    [InlineData("65535", "127.0.0.1:65535 [::1]:65535")]
    [InlineData("localhost:2525", "127.0.0.1:2525 [::1]:2525")]
    [InlineData("LocalHost:2525", "127.0.0.1:2525 [::1]:2525")]
    [InlineData("*:110", "0.0.0.0:110 [::]:110")]
    [InlineData("192.0.2.7:25", "192.0.2.7:25")]
    [InlineData("[::1]:25", "[::1]:25")]
    [InlineData("[2001:db8::7]:25", "[2001:db8::7]:25")]
    public void An_endpoint_names_addresses_and_a_port(string text, string endPoints)
    {
        var parsed = EndPointText.Parse(text);
        Assert.Equal(endPoints, string.Join(' ', parsed.EndPoints));
        Assert.Equal(parsed.EndPoints.Count == 2, parsed.IsEitherEnough);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":25")]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("+25")]
    [InlineData(" 25")]
    [InlineData("smtp")]
    [InlineData("localhost")]
    [InlineData("localhost:")]
    [InlineData("mail.example.org:25")]
    [InlineData("127.1:25")]
    [InlineData("1:25")]
    [InlineData("256.0.0.1:25")]
    [InlineData("::1:25")]
    [InlineData("[::1]")]
    [InlineData("[::1]25")]
    [InlineData("[127.0.0.1]:25")]
    [InlineData("[]:25")]
    public void Anything_else_is_answered_with_what_would_be_right(string text) =>
        Assert.Contains("[ADDR:]PORT", Assert.Throws<SettingFault>(() => EndPointText.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("465/tls", true)]
    [InlineData("*:995/TLS", true)]
    [InlineData("[::1]:465/tls", true)]
    [InlineData("25", false)]
    public void A_suffix_says_that_TLS_comes_first(string text, bool isEncrypted) =>
        Assert.Equal(isEncrypted, EndPointText.Parse(text).IsEncrypted);
}
