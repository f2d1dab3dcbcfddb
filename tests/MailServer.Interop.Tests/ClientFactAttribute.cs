namespace MailServer.Interop.Tests;

/// <summary>
/// A fact about a real program. At home it is skipped where the program is missing; under CI=true it runs, and fails.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClientFactAttribute : FactAttribute
{
    public ClientFactAttribute(string program)
    {
        Program = program;
        Skip = Programs.ReasonToSkip(program);
    }

    public string Program { get; }
}

/// <summary>A theory about a real program; see <see cref="ClientFactAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClientTheoryAttribute : TheoryAttribute
{
    public ClientTheoryAttribute(string program)
    {
        Program = program;
        Skip = Programs.ReasonToSkip(program);
    }

    public string Program { get; }
}
