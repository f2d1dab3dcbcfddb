using MailServer.Core.Accounts;

namespace MailServer.Host.Tests;

public class BcryptPasswordHasherTests
{
    private static readonly BcryptPasswordHasher Hasher = new(cost: 4);

    // Computed by other implementations: the first by crypt_blowfish's own test vectors, the others by prefix.
    [Theory]
    [InlineData("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("U*U", "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("U*U", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    public void Hashes_of_others_are_understood(string password, string hash)
    {
        Assert.True(Hasher.Verify(password, hash));
        Assert.False(Hasher.Verify(password + "!", hash));
    }

    // Made by the library that version 0.1.0 used, Portable.BouncyCastle 1.8.10.
    [Theory]
    [InlineData("secret", "$2b$11$wnKJSjm1NPd3QKlxQm5Fy.k9hwVtstaK1EHW28QGjnrgVXmU5glKu")]
    [InlineData("p\u00E4ssw\u00F6rt", "$2b$04$jpqYuYuWzPBrDhkeBQSpuOj8n.fEMpVhFMNZGKrfJo4oOsTr6whA2")]
    [InlineData("with blank and \U0001F600", "$2b$04$AsGaTVbRi6H/ve2sgfr00.G/Q.39GACT3iVTg0tlwmfGX7OlxP0we")]
    [InlineData("\u4F1A\u8B70", "$2b$04$u5s2WhaGSXC5Gih432B4J.HNOTo5whXdRaygSa/cFMMKhi1thfXhi")]
    [InlineData(
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "$2b$04$akJdiyr7VFUZs8ynN3Ma7.F.v/p0VSq9teRfIj/XExxnmSvTiDu2e")]
    public void Passwords_set_by_version_0_1_0_still_count(string password, string hash)
    {
        Assert.True(Hasher.Verify(password, hash));
        Assert.False(Hasher.Verify(password[..^1], hash));
    }

    [Fact]
    public void The_same_password_gives_another_hash_each_time()
    {
        var hash = Hasher.Hash("secret");
        Assert.StartsWith("$2b$04$", hash, StringComparison.Ordinal);
        Assert.Equal(60, hash.Length);
        Assert.NotEqual(hash, Hasher.Hash("secret"));
        Assert.True(Hasher.Verify("secret", hash));
        Assert.False(Hasher.Verify("Secret", hash));
    }

    [Theory]
    [InlineData(71)]
    [InlineData(72)]
    public void Every_octet_up_to_72_counts(int octets)
    {
        var password = new string('a', octets);
        var hash = Hasher.Hash(password);
        Assert.True(Hasher.Verify(password, hash));
        Assert.False(Hasher.Verify(password[..^1] + "b", hash));
        Assert.False(Hasher.Verify(password[..^1], hash));
    }

    [Fact]
    public void A_password_of_73_octets_is_refused_when_set()
    {
        Assert.Null(Passwords.Problem(new string('a', 72)));
        Assert.NotNull(Passwords.Problem(new string('a', 73)));
        Assert.NotNull(Passwords.Problem(new string('\u00FC', 37)));
    }

    [Fact]
    public void Letters_of_any_script_count()
    {
        var hash = Hasher.Hash("p\u00E4ssw\u00F6rt");
        Assert.True(Hasher.Verify("p\u00E4ssw\u00F6rt", hash));
        Assert.False(Hasher.Verify("passwort", hash));
    }

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("secret")]
    [InlineData("$2b$04$")]
    [InlineData("$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2b$99$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2b$xx$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2b$05$CCCCCCCCCCCCCCCCCCCCC\u00E9E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2b$05$?CCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$$")]
    [InlineData("                                                            ")]
    public void No_password_belongs_to_what_is_no_hash(string text) => Assert.False(Hasher.Verify("U*U", text));
}
