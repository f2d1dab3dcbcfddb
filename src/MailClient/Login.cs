using MailClient.Net;
using MailClient.Screens;

namespace MailClient;

/// <summary>Who the user is at the menu: asked for once, and again after a login that failed.</summary>
/// <param name="password">Null: asked for.</param>
internal sealed class Login(IScreen screen, string? user, string? password = null)
{
    private Credentials? _credentials;

    /// <summary>The name, if it is known.</summary>
    public string? User => _credentials?.User ?? user;

    /// <summary>The name and password. Throws <see cref="ClientFault"/> when the user gives none.</summary>
    public Credentials Get()
    {
        if (_credentials is { } known)
            return known;
        var name = user ?? screen.Ask("User");
        if (string.IsNullOrEmpty(name))
            throw new ClientFault("a mailbox is opened with its user's name");
        var typed = password ?? screen.AskHidden($"Password of {name}") ?? throw new ClientFault("the input ended before the password");
        _credentials = new(name, typed);
        return _credentials;
    }

    /// <summary>Forgets a password that was wrong, and with it a name that was typed.</summary>
    public void Forget() => _credentials = null;
}
