using System.Text;

namespace MailServer.Interop.Tests;

/// <summary>How a program ended.</summary>
/// <param name="Command">What was run.</param>
/// <param name="Output">What it wrote to its standard output.</param>
/// <param name="Errors">What it wrote to its standard error.</param>
/// <param name="ServerLog">What the server had logged by then.</param>
internal sealed record Outcome(string Command, int ExitCode, byte[] Output, string Errors, string ServerLog)
{
    public string Text => Encoding.Latin1.GetString(Output);

    public Outcome MustSucceed()
    {
        if (ExitCode != 0)
            Assert.Fail($"It failed.\n{this}");
        return this;
    }

    public Outcome MustFail()
    {
        if (ExitCode == 0)
            Assert.Fail($"It succeeded.\n{this}");
        return this;
    }

    /// <summary>Checks that the program said this, on either output.</summary>
    public Outcome MustSay(string words)
    {
        if (!Text.Contains(words, StringComparison.Ordinal) && !Errors.Contains(words, StringComparison.Ordinal))
            Assert.Fail($"It did not say \"{words}\".\n{this}");
        return this;
    }

    /// <summary>Checks that the program said nothing like this, on either output.</summary>
    public Outcome MustNotSay(string words)
    {
        if (Text.Contains(words, StringComparison.Ordinal) || Errors.Contains(words, StringComparison.Ordinal))
            Assert.Fail($"It said \"{words}\".\n{this}");
        return this;
    }

    public override string ToString() =>
        $"{Command}\nexit code {ExitCode}\n--- output\n{Short(Text)}\n--- errors\n{Short(Errors)}\n--- server\n{Short(ServerLog)}";

    // The end tells more than the beginning.
    private static string Short(string text) => text.Length <= 8_000 ? text : "..." + text[^8_000..];
}
