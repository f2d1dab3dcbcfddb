using System.Text;
using MailClient.Net;

namespace MailServer.Client.Tests;

/// <summary>A server that says what is written here, whatever it hears.</summary>
internal sealed class ScriptedStream(string answers) : Stream
{
    private readonly MemoryStream _answers = new(Encoding.Latin1.GetBytes(answers));
    private readonly MemoryStream _heard = new();

    public string Heard => Encoding.UTF8.GetString(_heard.ToArray());

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public MailConnection Connect(bool isLoopback = true) => new(new ServerAddress("server", 1), this, local: null, isLoopback);

    public override int Read(byte[] buffer, int offset, int count) => _answers.Read(buffer, offset, count);

    public override void Write(byte[] buffer, int offset, int count) => _heard.Write(buffer, offset, count);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
