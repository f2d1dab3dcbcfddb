using MailServer.Core.Accounts;
using MailServer.Testing;

namespace MailServer.Core.Tests;

public sealed class AccountsTests
{
    [Theory]
    [InlineData("alice")]
    [InlineData("a")]
    [InlineData("a.b_c-d9")]
    [InlineData("Ünïcode")]
    [InlineData("名前")]
    [InlineData("हिन्दी")]
    [InlineData("𝔞𝔟")]
    public void A_name_is_letters_and_digits_of_any_script(string name) => Assert.NotNull(AccountName.TryParse(name));

    [Theory]
    [InlineData("")]
    [InlineData(".alice")]
    [InlineData("alice.")]
    [InlineData("-")]
    [InlineData("a b")]
    [InlineData("a@b")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("a;id")]
    [InlineData("%s")]
    [InlineData("a\0b")]
    [InlineData("a\u202eb")]
    [InlineData("\u0301a")]
    [InlineData("a\ud800b")]
    [InlineData("\"a\"")]
    public void Anything_else_is_no_name(string name)
    {
        Assert.Null(AccountName.TryParse(name, out var problem));
        Assert.NotNull(problem);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_name_has_at_most_64_characters(int length, bool isName)
    {
        Assert.Equal(isName, AccountName.TryParse(new string('a', length)) is not null);
        Assert.Equal(isName, AccountName.TryParse(string.Concat(Enumerable.Repeat("𝔞", length))) is not null);
    }

    [Theory]
    [InlineData("Alice", "aLICE")]
    [InlineData("\u00e9a", "e\u0301a")]
    [InlineData("Über", "über")]
    public void Names_are_compared_without_case_and_in_NFC(string one, string other) =>
        Assert.Equal(AccountName.TryParse("x" + one), AccountName.TryParse("x" + other));

    [Theory]
    [InlineData(72, true)]
    [InlineData(73, false)]
    public void A_password_has_at_most_72_octets(int octets, bool isAllowed)
    {
        Assert.Equal(isAllowed, Passwords.Problem(new string('a', octets)) is null);
        Assert.Equal(isAllowed, Passwords.Problem("ü" + new string('a', octets - 2)) is null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void A_password_that_bcrypt_would_misread_is_refused(string password) => Assert.NotNull(Passwords.Problem(password));

    [Fact]
    public async Task A_password_longer_than_bcrypt_reads_never_matches_its_beginning()
    {
        var hash = new TruncatingHasher().Hash(new string('a', 72));
        using var verifier = new PasswordVerifier(new TruncatingHasher(), new ManualTimeProvider());

        Assert.True(await verifier.VerifyAsync(new string('a', 72), hash, default));
        Assert.False(await verifier.VerifyAsync(new string('a', 73), hash, default));
    }

    [Fact]
    public async Task A_verified_password_costs_no_hash_for_ten_minutes()
    {
        var (hasher, clock) = (new TruncatingHasher(), new ManualTimeProvider());
        using var verifier = new PasswordVerifier(hasher, clock);
        var hash = hasher.Hash("secret");

        Assert.True(await verifier.VerifyAsync("secret", hash, default));
        Assert.True(await verifier.VerifyAsync("secret", hash, default));
        Assert.Equal(1, hasher.Verified);

        clock.Advance(PasswordVerifier.CacheDuration);
        Assert.True(await verifier.VerifyAsync("secret", hash, default));
        Assert.Equal(2, hasher.Verified);
    }

    [Fact]
    public async Task A_changed_password_counts_at_once()
    {
        var hasher = new TruncatingHasher();
        using var verifier = new PasswordVerifier(hasher, new ManualTimeProvider());
        Assert.True(await verifier.VerifyAsync("old", hasher.Hash("old"), default));

        Assert.False(await verifier.VerifyAsync("old", hasher.Hash("new"), default));
    }

    [Fact]
    public async Task Unknown_names_and_wrong_passwords_cost_one_hash_each()
    {
        var (store, hasher) = (new InMemoryStore(), new TruncatingHasher());
        using var verifier = new PasswordVerifier(hasher, new ManualTimeProvider());
        var directory = new AccountDirectory(store, verifier, RegistrationPolicy.Local);
        var (alice, guest, postmaster) = (AccountName.TryParse("alice")!, AccountName.TryParse("guest")!, AccountName.Postmaster);
        await directory.CreateAsync(alice, "secret", default);
        await directory.CreateAsync(guest, null, default);
        await directory.EnsurePostmasterAsync(default);

        foreach (var name in new[] { alice, guest, postmaster, AccountName.TryParse("nobody"), null })
        {
            var before = hasher.Verified;
            Assert.Null(await directory.LogInAsync(name, "wrong", default));
            Assert.Equal(1, hasher.Verified - before);
        }

        Assert.NotNull(await directory.LogInAsync(alice, "secret", default));
    }

    // Hashes like bcrypt in what matters here: it looks at 72 octets.
    private sealed class TruncatingHasher : IPasswordHasher
    {
        public int Verified { get; private set; }

        public string Hash(string password) => "plain:" + password[..Math.Min(72, password.Length)];

        public bool Verify(string password, string hash)
        {
            Verified++;
            return Hash(password) == hash;
        }
    }
}
