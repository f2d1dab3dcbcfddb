using MailServer.Core.Smtp;

namespace MailServer.Core.Tests;

public sealed class CoreHasNoOutside
{
    private static readonly string[] Outside = ["System.Net.Sockets", "System.Net.Security", "System.Console", "System.Data", "System.IO.FileSystem"];

    [Fact]
    public void Core_references_the_base_class_library_and_nothing_that_reaches_outside()
    {
        var references = typeof(SmtpSession).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!).ToList();

        Assert.All(references, name => Assert.StartsWith("System.", name, StringComparison.Ordinal));
        Assert.All(references, name => Assert.DoesNotContain(Outside, outside => name.StartsWith(outside, StringComparison.Ordinal)));
    }
}
