using System.Net.Sockets;
using System.Security.Authentication;

namespace MailClient;

/// <summary>Something cannot be done; the message says why in one line.</summary>
internal class ClientFault(string message, int exitCode = ExitCode.Failed) : Exception(message)
{
    public int ExitCode => exitCode;
}

/// <summary>The server knows no such user with this password.</summary>
internal sealed class LoginFault(string message) : ClientFault(message);

/// <summary>What the program's exit codes mean.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Misused = 2;
}

/// <summary>Which exceptions are the world's doing, and what to tell the user about them.</summary>
internal static class Faults
{
    /// <summary>True for what servers, networks and disks do; anything else is a mistake in this program.</summary>
    public static bool IsExpected(Exception exception) =>
        exception is ClientFault or IOException or SocketException or AuthenticationException or UnauthorizedAccessException;

    /// <summary>The fault in one line, safe to print.</summary>
    public static string Describe(Exception exception) => TerminalText.OneLine(exception switch
    {
        AuthenticationException { InnerException: { } cause } fault => $"TLS failed: {fault.Message.TrimEnd('.')} ({cause.Message.TrimEnd('.')})",
        AuthenticationException fault => $"TLS failed: {fault.Message.TrimEnd('.')}",
        _ => exception.Message.TrimEnd('.'),
    });
}
