namespace MailServer.Testing;

/// <summary>The program that runs these tests, with which they run the built programs: it need not be on the PATH.</summary>
public static class DotNetHost
{
    public static string File { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
        ?? (System.IO.Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet");
}
