using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace MailServer.Requirements;

/// <summary>
/// A fact that needs rows of the <see cref="RequirementTable"/>. Where one is missing the fact is skipped with a message that says how to get
/// it; on a machine that decides over a change (CI=true) it fails with that message.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("MailServer.Requirements.NeedsFactDiscoverer", "MailServer.Requirements")]
public sealed class NeedsFactAttribute : FactAttribute
{
    public NeedsFactAttribute(params string[] names)
    {
        Names = names;
        Skip = Machine.IsJudge ? null : Machine.Lacks(names);
    }

    /// <summary>The rows that it needs.</summary>
    public IReadOnlyList<string> Names { get; }
}

/// <summary>A theory with such needs; see <see cref="NeedsFactAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("MailServer.Requirements.NeedsTheoryDiscoverer", "MailServer.Requirements")]
public sealed class NeedsTheoryAttribute : TheoryAttribute
{
    public NeedsTheoryAttribute(params string[] names)
    {
        Names = names;
        Skip = Machine.IsJudge ? null : Machine.Lacks(names);
    }

    /// <summary>The rows that it needs.</summary>
    public IReadOnlyList<string> Names { get; }
}

/// <summary>Makes a test that needs what a judging machine lacks into one that fails with the reason.</summary>
public sealed class NeedsFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        Failures.Of(DiagnosticMessageSink, discoveryOptions, testMethod, factAttribute) ?? base.Discover(discoveryOptions, testMethod, factAttribute);
}

/// <inheritdoc cref="NeedsFactDiscoverer"/>
public sealed class NeedsTheoryDiscoverer(IMessageSink messages) : TheoryDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        Failures.Of(DiagnosticMessageSink, discoveryOptions, testMethod, theoryAttribute) ?? base.Discover(discoveryOptions, testMethod, theoryAttribute);
}

internal static class Failures
{
    // Null when nothing is missing, or a skip says so already.
    public static IEnumerable<IXunitTestCase>? Of(
        IMessageSink messages, ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo attribute) =>
        Machine.IsJudge && Machine.Lacks(attribute.GetNamedArgument<IReadOnlyList<string>>("Names")) is { } lack
            ? [new ExecutionErrorTestCase(messages, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method, lack)]
            : null;
}
