namespace MailServer.Cli;

/// <summary>A command cannot be carried out; the message says why in one line.</summary>
internal sealed class CommandFault(string message, int exitCode = ExitCode.Failed) : Exception(message)
{
    public int ExitCode => exitCode;
}

/// <summary>What the program's exit codes mean.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Misused = 2;
}
