using MailServer.Core.Routing;
using MailServer.Core.Smtp;

namespace MailServer.Core.Tests;

public sealed class PathParserTests
{
    [Theory]
    [InlineData("TO:<bob@mail.test>", "bob@mail.test", "")]
    [InlineData("to: <bob@mail.test>", "bob@mail.test", "")]
    [InlineData("TO:bob", "bob", "")]
    [InlineData("TO: bob@mail.test NOTIFY=NEVER", "bob@mail.test", "NOTIFY=NEVER")]
    [InlineData("TO:<bob>SIZE=1", "bob", "SIZE=1")]
    [InlineData("TO:< bob@mail.test >  A B=1 ", "bob@mail.test", "A B=1")]
    [InlineData("TO:<>", "", "")]
    [InlineData("TO:<@a.test,@b.test:bob@mail.test>", "bob@mail.test", "")]
    [InlineData("TO:<\"bob smith\"@mail.test>", "\"bob smith\"@mail.test", "")]
    [InlineData("TO:<\"a>b@c\\\"d\"@mail.test>", "\"a>b@c\\\"d\"@mail.test", "")]
    [InlineData("TO:<bob@[127.0.0.1]>", "bob@[127.0.0.1]", "")]
    [InlineData("TO:<bob.@mail.test>", "bob.@mail.test", "")]
    [InlineData("TO:<\"\"@mail.test>", "\"\"@mail.test", "")]
    [InlineData("TO:<bob@mail.test.>", "bob@mail.test", "")]
    [InlineData(" TO : <bob@mail.test>", "bob@mail.test", "")]
    [InlineData("TO:a=b@mail.test", "a=b@mail.test", "")]
    [InlineData("TO:_a=b", "_a=b", "")]
    [InlineData("TO:bob SMTPUTF8", "bob", "SMTPUTF8")]
    [InlineData("TO:@ME", "@ME", "")]
    [InlineData("TO:<@me>", "@me", "")]
    [InlineData("TO:<böb@mäil.test>", "böb@mäil.test", "")]
    public void A_path_is_read_and_cleaned(string argument, string path, string parameters)
    {
        Assert.Equal(path, PathParser.TryParse(argument, "TO", out var rest, out var problem)?.ToString());
        Assert.Equal((parameters, (string?)null), (rest, problem));
    }

    [Theory]
    [InlineData("")]
    [InlineData("TO")]
    [InlineData("TO:")]
    [InlineData("TO <bob>")]
    [InlineData("FROM:<bob>")]
    [InlineData("TO:<bob")]
    [InlineData("TO:<\"bob>")]
    [InlineData("TO:<bob@>")]
    [InlineData("TO:<@mail.test>")]
    [InlineData("TO:<bob@mail.test..>")]
    [InlineData("TO:<bob@.>")]
    [InlineData("TO:<\"\">")]
    [InlineData("TO:<bob@mail@test>")]
    [InlineData("TO:<a b@mail.test>")]
    [InlineData("TO:<\"a\"b@mail.test>")]
    [InlineData("TO:<\"a\\\"@mail.test>")]
    [InlineData("TO:<bob@mail.test%evil.test>")]
    [InlineData("TO:<bob@[127.0.0.1>")]
    [InlineData("TO:\"a\\\"")]
    public void What_is_no_path_is_refused(string argument)
    {
        Assert.Null(PathParser.TryParse(argument, "TO", out var parameters, out var problem));
        if (problem is null)
            Assert.Equal("", parameters);
    }

    [Theory]
    [InlineData("TO:<bob", "The path has no closing >")]
    [InlineData("TO:<<bob>>", "The address stands in one pair of brackets, as in TO:<bob@mail.test>")]
    [InlineData("TO:,bob", "One address a command, as in TO:<bob@mail.test>")]
    [InlineData("TO:bob anna", "One address a command, and no blank in it, as in TO:<bob@mail.test>")]
    [InlineData("TO:<@mail.test>", "The path has no name before the @")]
    [InlineData("TO:<@a.test:@mail.test>", "The path has no name before the @")]
    [InlineData("TO:<@a.test:>", "The path has no name before the @")]
    [InlineData("TO:<a b@mail.test>", "The name holds a character that no name has unless it is quoted")]
    [InlineData("TO:<a b@>", "The name holds a character that no name has unless it is quoted")]
    [InlineData("TO:<bob@>", "The path has no domain behind the @")]
    [InlineData("TO:<bob@mail.test..>", "The domain behind the @ ends in two dots")]
    [InlineData("TO:<bob@[a b]>", "The address literal is not well-formed")]
    [InlineData("TO:<bob@mail,test>", "One address a command, as in TO:<bob@mail.test>")]
    [InlineData("TO:<bob@mail!test>", "The domain behind the @ holds a character that no domain has")]
    public void What_is_wrong_with_a_path_is_told_by_its_cause(string argument, string cause)
    {
        Assert.Null(PathParser.TryParse(argument, "TO", out _, out var problem));
        Assert.Equal(cause, problem);
    }

    [Theory]
    [InlineData(PathParser.MaxLength, true)]
    [InlineData(PathParser.MaxLength + 1, false)]
    public void A_path_has_a_longest_length(int length, bool isRead) =>
        Assert.Equal(isRead ? null : "A path has at most 320 characters", Problem($"TO:<{new string('a', length - 7)}@b.test>"));

    [Theory]
    [InlineData("\"bob\"", "bob")]
    [InlineData("\"b\\o\\\\b\"", "bo\\b")]
    [InlineData("bob", "bob")]
    [InlineData("\"", "\"")]
    [InlineData("\"bob\\\"", "bob\\")]
    public void Quotes_are_not_part_of_a_name(string local, string name) => Assert.Equal(name, new MailPath(local, null).UnquotedLocalPart);

    private static string? Problem(string argument)
    {
        _ = PathParser.TryParse(argument, "TO", out _, out var problem);
        return problem;
    }
}
