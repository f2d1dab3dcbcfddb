using MailServer.Core.Accounts;

namespace MailServer.Testing;

/// <summary>Hashes nothing, at once: tests of everything but hashing need not wait for bcrypt.</summary>
public sealed class PlainPasswordHasher : IPasswordHasher
{
    private const string Prefix = "plain:";

    public string Hash(string password) => Prefix + password;

    public bool Verify(string password, string hash) => hash == Prefix + password;
}
