using MailServer.Core.Mail.Formats;

namespace MailServer.Core.Tests;

/// <summary>Dates are read in every form that mail has had.</summary>
public sealed class MailDatesTests
{
    private static readonly DateTimeOffset Expected = new(2026, 11, 21, 4, 37, 23, TimeSpan.Zero);

    [Theory]
    [InlineData("Sat, 21 Nov 2026 04:37:23 +0000")]
    [InlineData("Sat, 21 Nov 2026 05:37:23 +0100 (CET)")]
    [InlineData("21 Nov 2026 04:37:23 GMT")]
    [InlineData("21 Nov 2026 04:37:23 UT")]
    [InlineData("21 Nov 2026 04:37:23 Z")]
    [InlineData("Fri, 20 Nov 2026 23:37:23 EST")]
    [InlineData("Sat, 21 Nov 2026 00:37:23 EDT")]
    [InlineData("Sat, 21 Nov 2026 05:37:23 CET")]
    [InlineData("Sat, 21 Nov 2026 04:37:23 XYZ")]
    [InlineData("Sat, 21 Nov 2026 05:37:23 +01:00")]
    [InlineData("Sat, 21 Nov 2026 05:37:23 GMT+01:00")]
    [InlineData("Sat, 21 Nov 2026 05:37:23 CET +0100")]
    [InlineData("Sat Nov 21 04:37:23 2026")]
    [InlineData("Sat Nov 21 00:37:23 2026 -0400")]
    [InlineData("Sat Nov 21 04:37:23 GMT 2026")]
    [InlineData("Sat Nov 21 05:37:23 MET DST 2026 +0100")]
    [InlineData("Saturday, 21 November 2026 4:37:23 AM")]
    [InlineData("21-Nov-26 04:37:23")]
    [InlineData("Sat, 21-Nov-2026 04:37:23 GMT")]
    [InlineData("2026-11-21 04:37:23")]
    [InlineData("2026-11-21T04:37:23Z")]
    [InlineData("2026-11-21T05:37:23+01:00")]
    [InlineData("2026-11-20T23:37:23-0500")]
    [InlineData("Sat, 21 Nov 126 04:37:23 +0000")]
    [InlineData("Sat (day), 21 Nov 2026 04:37:23 (open")]
    public void A_date_is_read_in_many_forms(string text) => Assert.Equal(Expected, MailDates.TryParse(text));

    [Theory]
    [InlineData("Sat Nov 21 04:37 2026", "2026-11-21T04:37:00")]
    [InlineData("Fri Dec 31 23:59:60 2021", "2021-12-31T23:59:59")]
    [InlineData("21 Nov 2026 12:05 PM", "2026-11-21T12:05:00")]
    [InlineData("21 Nov 2026 12:05 am", "2026-11-21T00:05:00")]
    [InlineData("21 Nov 2026 1:05pm", "2026-11-21T13:05:00")]
    [InlineData("Fri Jan 3 01:05:34 EST 96", "1996-01-03T06:05:34")]
    [InlineData("2026-11-21T04:37:23.250Z", "2026-11-21T04:37:23.25")]
    [InlineData("Thu Oct 28 17:00:38 2004 -0400", "2004-10-28T21:00:38")]
    public void Parts_of_a_date_are_read_as_they_are_meant(string text, string utc) =>
        Assert.Equal(DateTimeOffset.Parse(utc + "Z", System.Globalization.CultureInfo.InvariantCulture), MailDates.TryParse(text));

    [Theory]
    [InlineData("")]
    [InlineData("Sat")]
    [InlineData("21 Nov 2026")]
    [InlineData("Nov 2026 04:37:23")]
    [InlineData("31 Nov 2026 04:37:23")]
    [InlineData("0 Nov 2026 04:37:23")]
    [InlineData("2026-13-21 04:37:23")]
    [InlineData("21 Nov 2026 24:37:23")]
    [InlineData("21 Nov 2026 04:37:61")]
    [InlineData("21 Nov 2026 13:37 AM")]
    [InlineData("21 Nov 2026 04:37:23 +9999")]
    [InlineData("21 Nov 2026 04:37:23 +")]
    [InlineData("21 Nov 2026 04:37:23 and so on")]
    [InlineData("21 21 Nov 2026 2026 04:37:23")]
    [InlineData("21 Nov Nov 2026 04:37:23")]
    [InlineData("21 Nov 1626 04:37:23")]
    [InlineData("21 Nov 99999999999 04:37:23")]
    [InlineData("on 21 Nov 2026 at 04:37:23")]
    [InlineData(":")]
    [InlineData("-")]
    [InlineData("1-")]
    [InlineData("1:2:3:4 21 Nov 2026")]
    public void What_is_more_or_less_than_a_date_is_none(string text) => Assert.Null(MailDates.TryParse(text));
}
