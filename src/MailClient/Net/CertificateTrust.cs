using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MailClient.Net;

/// <summary>
/// Decides whether a server's certificate is good: one that the system vouches for, or one whose fingerprint the user
/// has agreed to. A fingerprint that has changed is refused, as a stranger between user and server would show one.
/// </summary>
/// <param name="trusted">Fingerprints from the command line. If there are any, no other certificate is good.</param>
/// <param name="ask">Shows a question of several lines to the user; null where there is nobody to ask.</param>
internal sealed class CertificateTrust(KnownServers known, IReadOnlyList<string> trusted, Func<string, bool>? ask)
{
    private readonly HashSet<string> _trusted = [.. trusted.Select(Normalize)];

    /// <summary>Returns if the certificate is good, or throws <see cref="ClientFault"/>. Nothing may be sent before.</summary>
    /// <param name="errors">What the system has against it.</param>
    public void Check(ServerAddress address, X509Certificate certificate, SslPolicyErrors errors)
    {
        var fingerprint = Fingerprint(certificate);
        if (_trusted.Count > 0)
        {
            if (!_trusted.Contains(Normalize(fingerprint)))
                throw new ClientFault($"{address} shows a certificate with another fingerprint than --trust names: {fingerprint}");
            known.Remember(address, fingerprint);
            return;
        }

        if (errors == SslPolicyErrors.None)
            return;
        if (known.Find(address) is { } agreed)
        {
            if (Normalize(agreed) == Normalize(fingerprint))
                return;
            throw new ClientFault(
                $"the certificate of {address} has changed: it was {agreed} and is now {fingerprint}. Somebody may be listening in. "
                + $"If its owner confirms the new one, use --trust {fingerprint}");
        }

        // The same owner on another port, as SMTP and POP3 of one server are.
        if (known.IsOfSameHost(address, fingerprint))
            known.Remember(address, fingerprint);
        else
            Introduce(address, fingerprint);
    }

    /// <summary>The SHA-256 fingerprint, as servers log it.</summary>
    public static string Fingerprint(X509Certificate certificate) =>
        string.Join(':', Convert.ToHexString(SHA256.HashData(certificate.GetRawCertData())).Chunk(2).Select(octet => new string(octet)));

    private static string Normalize(string fingerprint) =>
        fingerprint.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();

    private void Introduce(ServerAddress address, string fingerprint)
    {
        if (ask is null)
        {
            throw new ClientFault(
                $"nobody vouches for the certificate of {address}. If the server's log shows the same fingerprint, use --trust {fingerprint}");
        }

        var question = $"Nobody vouches for the certificate of {address}. Its SHA-256 fingerprint is\n{fingerprint}\nDoes the server's log show the same? Trust it from now on?";
        if (!ask(question))
            throw new ClientFault($"the certificate of {address} is not trusted");
        known.Remember(address, fingerprint);
    }
}
