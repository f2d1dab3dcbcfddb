namespace MailServer.Host.Tests.Torture;

/// <summary>How hard the torture is: small in the ordinary suite, full size with <c>MAILSERVER_TORTURE=full</c>.</summary>
internal static class Scale
{
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("MAILSERVER_TORTURE") == "full";

    public static T Of<T>(T suite, T full) => IsFull ? full : suite;
}

/// <summary>One test at a time and nothing beside it, because they measure.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TortureCollection
{
    public const string Name = "Torture";
}

/// <summary>A test that reads <c>/proc</c>.</summary>
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "needs /proc, which only Linux has";
    }
}
