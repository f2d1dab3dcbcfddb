namespace MailClient.Net;

/// <summary>Who logs in. Not a record: a password must not be printable.</summary>
internal sealed class Credentials
{
    /// <summary>Takes a name and a password. Throws <see cref="ClientFault"/> for what would be another command on the wire.</summary>
    public Credentials(string user, string password)
    {
        if (user.Length == 0 || user.Any(char.IsControl))
            throw new ClientFault("a user's name has at least one character and no control characters", ExitCode.Misused);
        if (password.Any(character => character is '\r' or '\n' or '\0'))
            throw new ClientFault("a password is one line of text", ExitCode.Misused);
        (User, Password) = (user, password);
    }

    public string User { get; }

    public string Password { get; }
}
