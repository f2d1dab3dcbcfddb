namespace MailServer.Requirements;

/// <summary>
/// Something that tests need of the machine. It is there when a command succeeds and says the right words: a program that is
/// installed may still lack the one feature that a test needs.
/// </summary>
/// <param name="Name">What tests and messages call it.</param>
/// <param name="Remedy">How to get it, for the message of a test that is skipped.</param>
/// <param name="Program">The program that is run to see; where it cannot be found, nothing is.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record Requirement(string Name, string Remedy, string Program, params string[] Arguments)
{
    /// <summary>Words that it must say on either output; none, where its success is enough.</summary>
    public IReadOnlyList<string> Says { get; init; } = [];

    /// <summary>Other requirements that must be met too, by name.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];
}
