using MailServer.Core.Sessions;

namespace MailServer.Core.Tests;

public sealed class MailLimitsTests
{
    [Fact]
    public void A_limit_that_makes_no_sense_is_refused_where_it_is_set()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MailLimits { Recipients = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MailLimits { CommandLine = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MailLimits { MessageSize = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MailLimits { SmtpIdle = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MailLimits { MailboxSize = -1 });
        Assert.Equal(0, new MailLimits { MailboxSize = 0 }.MailboxSize);
        Assert.Equal(1, new MailLimits { Recipients = 1 }.Recipients);
    }

    [Fact]
    public void A_line_without_an_end_may_be_longer_than_any_line_that_is_read()
    {
        var limits = new MailLimits();
        Assert.InRange(limits.UnendedLine, 10 * Math.Max(limits.CommandLine, limits.AuthLine), int.MaxValue);
    }
}
