using System.Security.Authentication;

namespace MailServer.Net;

/// <summary>From what the TLS library says about a handshake that failed to cause and remedy, in one line for the log.</summary>
internal static class HandshakeFaults
{
    // OpenSSL's numbers: its SSL part is library 20, and an alert that the client sent is 1000 and the alert's own number (RFC 8446 6).
    private const int SslLibrary = 20;
    private const int ReasonBits = 23;
    private const int NoSharedCipher = 193;
    private const int UnsupportedProtocol = 258;
    private const int VersionTooLow = 396;
    private const int Alert = 1000;

    private const string NoTlsAtAll = "Cannot determine the frame size";

    /// <summary>Why a handshake failed.</summary>
    /// <param name="certificateFile">What a client can be told to trust.</param>
    /// <param name="isFromStart">True on a port that begins with TLS.</param>
    public static string Reason(Exception exception, string certificateFile, bool isFromStart)
    {
        var cause = exception;
        while (cause.InnerException is { } inner)
            cause = inner;
        if (cause.HResult >> ReasonBits == SslLibrary)
            return Reason(cause.HResult & ((1 << ReasonBits) - 1), certificateFile) ?? cause.Message;
        return exception switch
        {
            IOException => HungUp(certificateFile),
            AuthenticationException { InnerException: null } when exception.Message.StartsWith(NoTlsAtAll, StringComparison.Ordinal) => isFromStart
                ? "the client speaks plain text where TLS comes first; choose SSL/TLS in it, or name this endpoint without /tls"
                : "what the client sent behind the go-ahead is no TLS; look whether something between it and us changes what it sends",
            _ => cause.Message,
        };
    }

    /// <summary>Why a client may end a connection in a handshake, or right behind it, without a word.</summary>
    public static string HungUp(string certificateFile) => $"the client hung up, as programs do that do not trust the certificate; {TrustIt(certificateFile)}";

    private static string? Reason(int number, string certificateFile) => number switch
    {
        UnsupportedProtocol or VersionTooLow or Alert + 70 => "the client knows only versions of TLS before 1.2; bring it up to date",
        NoSharedCipher or Alert + 40 => "the client and we have no cipher in common; bring it up to date",
        Alert + 42 => Distrust("bad certificate", certificateFile),
        Alert + 43 => Distrust("unsupported certificate", certificateFile),
        Alert + 45 => Distrust("certificate expired", certificateFile),
        Alert + 46 => Distrust("certificate unknown", certificateFile),
        Alert + 48 => Distrust("unknown ca", certificateFile),
        _ => null,
    };

    private static string Distrust(string alert, string certificateFile) => $"the client does not trust the certificate (its alert: {alert}); {TrustIt(certificateFile)}";

    private static string TrustIt(string certificateFile) =>
        $"give it {certificateFile} to trust, and the name that stands in it, or use a certificate that it knows with --tls-cert";
}
