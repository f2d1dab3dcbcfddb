using System.Text;

namespace MailServer.Core.Tests;

/// <summary>Charsets for MimeKit, which looks for them once, when it is first used. The code under test needs no such thing.</summary>
internal static class MimeKitCharsets
{
    public static void Register() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
}
