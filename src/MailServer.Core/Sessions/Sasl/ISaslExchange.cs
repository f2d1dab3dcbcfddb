using System.Text;
using MailServer.Core.Accounts;

namespace MailServer.Core.Sessions.Sasl;

/// <summary>What a SASL mechanism says to a response (RFC 4422 3).</summary>
public abstract record SaslStep
{
    private SaslStep()
    {
    }

    /// <summary>The server asks for more.</summary>
    /// <param name="Text">The challenge before its encoding in base64; may be empty.</param>
    public sealed record Challenge(string Text) : SaslStep;

    /// <summary>The client said who it is.</summary>
    /// <param name="Identity">The name that the password belongs to.</param>
    public sealed record Credentials(string Identity, string Password) : SaslStep
    {
        // A record prints its members otherwise, and a password must not be printable.
        public override string ToString() => nameof(Credentials);
    }

    /// <summary>The client wants to act for another than itself, which nobody may.</summary>
    public sealed record OtherIdentity : SaslStep;

    /// <summary>The response is not of the mechanism's form.</summary>
    public sealed record Malformed : SaslStep;
}

/// <summary>One authentication exchange of a mechanism.</summary>
public interface ISaslExchange
{
    /// <summary>The step after a response; null stands for no response yet.</summary>
    SaslStep Respond(string? response);
}

/// <summary>The mechanisms by name, and base64 as SASL in mail has it.</summary>
public static class SaslMechanisms
{
    /// <summary>What is offered, the best first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["PLAIN", "LOGIN"];

    /// <summary>A new exchange of this mechanism in any letter case, or null when it is not known.</summary>
    /// <param name="server">Knows which login names are one account's.</param>
    public static ISaslExchange? TryCreate(string name, ServerIdentity server) => name.ToUpperInvariant() switch
    {
        "PLAIN" => new PlainExchange(server),
        "LOGIN" => new LoginExchange(),
        _ => null,
    };

    /// <summary>A challenge in base64.</summary>
    public static string Encode(string challenge) => Convert.ToBase64String(Encoding.UTF8.GetBytes(challenge));

    /// <summary>The text of a response in base64, or null when it is not base64 of UTF-8. A lone <c>=</c> is an empty response (RFC 4954 4).</summary>
    public static string? TryDecode(string response)
    {
        if (response == "=")
            return "";
        var octets = new byte[response.Length];
        if (response.AsSpan().IndexOfAny(' ', '\t') >= 0 || !Convert.TryFromBase64String(response, octets, out var length))
            return null;
        var text = octets.AsSpan(0, length);
        return System.Text.Unicode.Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : null;
    }
}
