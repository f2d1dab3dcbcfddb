using MailServer.Core.Smtp;

namespace MailServer.Core.Tests;

/// <summary>The parameters of MAIL and RCPT as values (RFC 1870, 3461, 6152, 6531).</summary>
public sealed class ParametersTests
{
    [Fact]
    public void Mail_says_size_form_script_and_what_a_report_holds()
    {
        var parameters = MailParameters.TryParse("SIZE=1234 body=8bitmime SMTPUTF8 RET=hdrs ENVID=a+2Bb+3D AUTH=<>", out var refusal);

        Assert.Null(refusal);
        Assert.NotNull(parameters);
        Assert.Equal((1234L, true, true, ReturnedContent.Header, "a+b="), (parameters.Size, parameters.IsEightBit, parameters.IsInternational, parameters.Return, parameters.EnvelopeId));
    }

    [Fact]
    public void Mail_alone_says_nothing()
    {
        var parameters = MailParameters.TryParse("", out _)!;

        Assert.Equal((null, false, false, ReturnedContent.Unspecified, null), (parameters.Size, parameters.IsEightBit, parameters.IsInternational, parameters.Return, parameters.EnvelopeId));
    }

    [Fact]
    public void A_size_that_no_number_holds_is_the_largest() =>
        Assert.Equal(long.MaxValue, MailParameters.TryParse("SIZE=99999999999999999999", out _)!.Size);

    [Theory]
    [InlineData("NOTIFY=NEVER", Notify.Never)]
    [InlineData("NOTIFY=success,DELAY", Notify.Success | Notify.Delay)]
    [InlineData("notify=FAILURE", Notify.Failure)]
    [InlineData("", Notify.Unspecified)]
    public void Rcpt_says_when_to_report(string text, Notify notify) => Assert.Equal(notify, RcptParameters.TryParse(text, out _)!.Notify);

    [Fact]
    public void Rcpt_says_whom_the_sender_named_first() =>
        Assert.Equal(new OriginalRecipient("rfc822", "bob+x@mail.test"), RcptParameters.TryParse("ORCPT=rfc822;bob+2Bx@mail.test", out _)!.OriginalRecipient);

    [Theory]
    [InlineData("NOTIFY=NEVER,SUCCESS")]
    [InlineData("NOTIFY=SUCCESS,NEVER")]
    [InlineData("NOTIFY=")]
    [InlineData("NOTIFY")]
    [InlineData("NOTIFY=SUCCESS,")]
    [InlineData("ORCPT=;x")]
    [InlineData("ORCPT=rfc822")]
    [InlineData("ORCPT=rfc822;+0A")]
    [InlineData("ORCPT=rfc822;a=b")]
    [InlineData("ORCPT=rf c822;a")]
    public void Rcpt_refuses_what_is_not_well_formed(string text)
    {
        Assert.Null(RcptParameters.TryParse(text, out var refusal));
        Assert.NotNull(refusal);
    }

    [Theory]
    [InlineData("SIZE=", 501)]
    [InlineData("SIZE=x", 501)]
    [InlineData("SIZE=1 SIZE=1", 501)]
    [InlineData("BODY=BINARYMIME", 501)]
    [InlineData("RET=SOME", 501)]
    [InlineData("SMTPUTF8=1", 501)]
    [InlineData("ENVID=", 501)]
    [InlineData("ENVID=+0", 501)]
    [InlineData("ENVID=+7F", 501)]
    [InlineData("ENVID=+1F", 501)]
    [InlineData("AUTH", 501)]
    [InlineData("=1", 501)]
    [InlineData("FOO=1", 555)]
    public void Mail_refuses_what_is_not_well_formed(string text, int code)
    {
        Assert.Null(MailParameters.TryParse(text, out var refusal));
        Assert.Equal(code, refusal!.Code);
    }

    [Theory]
    [InlineData("!", "!")]
    [InlineData("~", "~")]
    [InlineData("+20", " ")]
    [InlineData("+7E", "~")]
    [InlineData("a+2B", "a+")]
    public void Xtext_may_hold_whatever_prints(string xtext, string text) => Assert.Equal(text, MailParameters.TryParse($"ENVID={xtext}", out _)?.EnvelopeId);

    [Theory]
    [InlineData("SIZE=x", "SIZE is a count of octets in 1 to 20 digits")]
    [InlineData("SIZE=1 size=2", "The parameter SIZE may stand only once")]
    [InlineData("BODY=x", "BODY is one of 7BIT, 8BITMIME")]
    [InlineData("SMTPUTF8=x", "SMTPUTF8 has no value")]
    [InlineData("AUTH==", "AUTH is xtext: printable ASCII, with + and = as +2B and +3D")]
    [InlineData("RET=x", "RET is one of FULL, HDRS")]
    [InlineData("ENVID==", "ENVID is xtext: printable ASCII, with + and = as +2B and +3D")]
    [InlineData("A234567890123456789012345678901234567890", "The parameter A234567890123456789012345678901234567890 is not known here")]
    [InlineData("A2345678901234567890123456789012345678901", "The parameter A234567890123456789012345678901234567890 is not known here")]
    public void What_is_wrong_with_a_parameter_of_mail_is_told_by_its_cause(string text, string cause)
    {
        Assert.Null(MailParameters.TryParse(text, out var refusal));
        Assert.Equal(cause, Assert.Single(refusal!.Lines));
    }

    [Theory]
    [InlineData("NOTIFY=x", "NOTIFY is NEVER, or a list of SUCCESS, FAILURE, DELAY")]
    [InlineData("ORCPT=x", "ORCPT is an address type, a semicolon and an address, as in rfc822;bob@mail.test")]
    [InlineData("ORCPT=+;x", "ORCPT is an address type, a semicolon and an address, as in rfc822;bob@mail.test")]
    [InlineData("ORCPT=rfc822;=", "ORCPT is xtext: printable ASCII, with + and = as +2B and +3D")]
    public void What_is_wrong_with_a_parameter_of_rcpt_is_told_by_its_cause(string text, string cause)
    {
        Assert.Null(RcptParameters.TryParse(text, out var refusal));
        Assert.Equal(cause, Assert.Single(refusal!.Lines));
    }
}
