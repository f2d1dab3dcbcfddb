using System.Buffers;
using BenchmarkDotNet.Attributes;
using MailServer.Benchmarks.Load;
using MailServer.Core.Smtp;
using MailServer.Core.Wire;

namespace MailServer.Benchmarks.Micro;

/// <summary>The parts that look at every octet or every command, each alone.</summary>
[MemoryDiagnoser]
public class PureParts
{
    private const int TextSize = 64 * 1024;

    private readonly ReadOnlySequence<byte> _line = new("RCPT TO:<somebody@localhost>\r\nDATA\r\n"u8.ToArray());
    private readonly byte[] _text = SampleText.OfSize(TextSize);
    private readonly ReadOnlySequence<byte> _stuffed = new(SampleText.WithDot(SampleText.OfSize(TextSize)));
    private readonly ArrayBufferWriter<byte> _output = new(2 * TextSize);
    private readonly LineFramer _framer = new(acceptsBareLineFeed: false, unendedLimit: 1 << 20);
    private readonly DropSink _sink = new();

    [Benchmark(Description = "frame a line")]
    public long Framing() => _framer.Next(_line, 4096).Line.Length;

    [Benchmark(Description = "decode 64 KB of stuffed text")]
    public SequencePosition Decoding() => new DotDecoder(LineEnding.CrLf).Decode(_stuffed, _sink);

    [Benchmark(Description = "encode 64 KB of text")]
    public int Encoding()
    {
        _output.ResetWrittenCount();
        var encoder = new DotEncoder();
        encoder.Write(_text, _output);
        encoder.Finish(_output);
        return _output.WrittenCount;
    }

    [Benchmark(Description = "parse a path")]
    public object? Path() => PathParser.TryParse("TO:<somebody@localhost>", "TO", out _, out _);

    [Benchmark(Description = "write a reply")]
    public int Reply()
    {
        _output.ResetWrittenCount();
        SmtpReplies.RecipientAccepted.WriteTo(_output);
        return _output.WrittenCount;
    }

    private sealed class DropSink : ITextSink
    {
        public void Write(ReadOnlySpan<byte> octets)
        {
        }
    }
}
