namespace MailServer.Core.Accounts;

/// <summary>Turns passwords into modular-crypt text and compares them. Slow on purpose: call it off the I/O path.</summary>
public interface IPasswordHasher
{
    /// <summary>The hash of a password that <see cref="Passwords.Problem"/> accepts, with a fresh salt.</summary>
    string Hash(string password);

    /// <summary>True when the password is the hash's. Constant in time for a given hash; false for text that is no hash.</summary>
    bool Verify(string password, string hash);
}
