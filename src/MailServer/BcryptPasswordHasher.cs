using BCrypt.Net;
using MailServer.Core.Accounts;

namespace MailServer;

/// <summary>bcrypt, as modular-crypt text (<c>$2b$</c>; <c>$2a$</c> and <c>$2y$</c> are understood). The only user of its library.</summary>
/// <param name="cost">The base-2 logarithm of the rounds, 4 to 15; each step doubles the time.</param>
internal sealed class BcryptPasswordHasher(int cost) : IPasswordHasher
{
    private const char Version = 'b';

    public string Hash(string password) => BCrypt.Net.BCrypt.HashPassword(password, BCrypt.Net.BCrypt.GenerateSalt(cost, Version));

    public bool Verify(string password, string hash)
    {
        // The library takes $2x$ too, the marked hashes of a faulty implementation, and reads it as if it were sound.
        if (hash is not ['$', '2', 'a' or 'b' or 'y', '$', ..])
            return false;
        try
        {
            return BCrypt.Net.BCrypt.Verify(password, hash);
        }
        catch (Exception exception) when (exception is SaltParseException or BcryptAuthenticationException or ArgumentException or FormatException or IndexOutOfRangeException)
        {
            // The text is no bcrypt hash, so that no password belongs to it.
            return false;
        }
    }
}
