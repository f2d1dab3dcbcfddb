using System.Security.Cryptography;
using MailServer.Core.Accounts;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;

namespace MailServer;

/// <summary>bcrypt, as modular-crypt text (<c>$2b$</c>; <c>$2a$</c> and <c>$2y$</c> are understood). The only user of its library.</summary>
/// <param name="cost">The base-2 logarithm of the rounds, 4 to 15; each step doubles the time.</param>
internal sealed class BcryptPasswordHasher(int cost) : IPasswordHasher
{
    private const string Version = "2b";
    private const int SaltOctets = 16;

    public string Hash(string password) =>
        OpenBsdBCrypt.Generate(Version, password.ToCharArray(), RandomNumberGenerator.GetBytes(SaltOctets), cost);

    public bool Verify(string password, string hash)
    {
        try
        {
            return OpenBsdBCrypt.CheckPassword(hash, password.ToCharArray());
        }
        catch (Exception exception) when (exception is DataLengthException or ArgumentException or FormatException or IndexOutOfRangeException)
        {
            // The text is no bcrypt hash, so that no password belongs to it.
            return false;
        }
    }
}
