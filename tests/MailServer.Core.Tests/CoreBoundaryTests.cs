using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using MailServer.Core.Smtp;
using MailServer.Testing;

namespace MailServer.Core.Tests;

public sealed class CoreBoundaryTests
{
    // The types by which a program reaches files, processes, the network, the console and the machine, and the clock that tests cannot move.
    private static readonly string[] Outside =
    [
        "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.Directory", "System.IO.DirectoryInfo", "System.IO.Path", "System.IO.DriveInfo",
        "System.IO.RandomAccess", "System.Console", "System.Diagnostics.Process", "System.Threading.Timer",
        "System.Net.Dns", "System.Net.Sockets.Socket", "System.Net.Sockets.TcpClient", "System.Net.Sockets.TcpListener", "System.Net.Sockets.NetworkStream",
        "System.Net.Security.SslStream", "System.Net.Http.HttpClient", "System.Net.NetworkInformation.NetworkInterface",
    ];

    [Fact]
    public void Core_references_the_base_class_library_alone()
    {
        var references = typeof(SmtpSession).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!).ToList();
        Assert.All(references, name => Assert.StartsWith("System.", name, StringComparison.Ordinal));
    }

    [Fact]
    public void Core_uses_no_type_that_reaches_outside()
    {
        // This assembly reaches outside to read the other one, which shows that it would be seen.
        Assert.Contains("System.IO.File", TypesUsedBy(typeof(CoreBoundaryTests)));
        Assert.Empty(TypesUsedBy(typeof(SmtpSession)).Intersect(Outside, StringComparer.Ordinal));
    }

    // Iterators ask for the thread that they run on.
    [Fact]
    public void Core_asks_nothing_of_the_machine()
    {
        Assert.Contains("Environment.get_ProcessPath", MembersUsedBy(typeof(DotNetHost)));
        Assert.DoesNotContain(MembersUsedBy(typeof(SmtpSession)), member => member.StartsWith("Environment.", StringComparison.Ordinal) && member != "Environment.get_CurrentManagedThreadId");
    }

    private static List<string> MembersUsedBy(Type example) => Read(example, metadata => metadata.MemberReferences
        .Select(metadata.GetMemberReference)
        .Where(member => member.Parent.Kind == HandleKind.TypeReference)
        .Select(member => $"{metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name)}.{metadata.GetString(member.Name)}"));

    private static List<string> TypesUsedBy(Type example) => Read(example, metadata => metadata.TypeReferences
        .Select(metadata.GetTypeReference)
        .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}"));

    private static List<string> Read(Type example, Func<MetadataReader, IEnumerable<string>> read)
    {
        using var file = File.OpenRead(example.Assembly.Location);
        using var assembly = new PEReader(file);
        return [.. read(assembly.GetMetadataReader())];
    }
}
