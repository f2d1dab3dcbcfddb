using System.Text;

namespace MailServer.Core.Mail;

/// <summary>
/// The field that names a message's sender (RFC 5321 4.4). Final delivery puts it on: it is no part of the text that a store keeps, so
/// that what is sent on to another server has none. Reverse paths are UTF-8, without brackets; empty for <c>&lt;&gt;</c>.
/// </summary>
public static class ReturnPath
{
    /// <summary>Octets of the field besides the reverse path.</summary>
    public static int FrameLength => Start.Length + End.Length;

    private static ReadOnlySpan<byte> Start => "Return-Path: <"u8;

    private static ReadOnlySpan<byte> End => ">\r\n"u8;

    /// <summary>Octets of the field; 0 for null, a message on which none is put.</summary>
    public static int LengthOf(string? reversePath) => reversePath is null ? 0 : FrameLength + Encoding.UTF8.GetByteCount(reversePath);

    /// <summary>The field, ended by CRLF; empty for null.</summary>
    public static byte[] Format(string? reversePath)
    {
        var field = new byte[LengthOf(reversePath)];
        if (reversePath is not null)
            Copy(Encoding.UTF8.GetBytes(reversePath), 0, field);
        return field;
    }

    /// <summary>Copies octets of the field, from <paramref name="offset"/> on, as many as there are and fit.</summary>
    /// <returns>The count of octets copied.</returns>
    public static int Copy(ReadOnlySpan<byte> reversePath, long offset, Span<byte> destination)
    {
        var rest = destination;
        CopyPart(Start, ref offset, ref rest);
        CopyPart(reversePath, ref offset, ref rest);
        CopyPart(End, ref offset, ref rest);
        return destination.Length - rest.Length;
    }

    // Octets of a part before the offset are passed over; what is copied is cut off the destination.
    private static void CopyPart(ReadOnlySpan<byte> part, ref long offset, ref Span<byte> destination)
    {
        var wanted = part[(int)Math.Min(offset, part.Length)..];
        offset = Math.Max(0, offset - part.Length);
        wanted = wanted[..Math.Min(wanted.Length, destination.Length)];
        wanted.CopyTo(destination);
        destination = destination[wanted.Length..];
    }
}
