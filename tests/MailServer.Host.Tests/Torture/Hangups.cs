using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace MailServer.Host.Tests.Torture;

/// <summary>Every way in which a client can break a conversation off: what it says before, a row each.</summary>
internal static class Hangups
{
    private const string Greeted = "EHLO client.test\r\n";
    private const string InText = Greeted + "MAIL FROM:<a@b.test>\r\nRCPT TO:<{0}>\r\nDATA\r\n";

    /// <summary>Said to SMTP in clear; {0} is a mailbox.</summary>
    public static IReadOnlyList<string> Smtp { get; } =
    [
        "",
        "EH",
        Greeted,
        Greeted + "NOOP\r\nNOO",
        Greeted + "MAIL FROM:<a@b.test>\r\n",
        Greeted + "MAIL FROM:<a@b.test>\r\nRCPT TO:<{0}>\r\n",
        InText,
        InText + "Subject: cut\r\n\r\nhalf a li",
        InText + "Subject: cut\r\n\r\nall but the end\r\n.",
        InText + "Subject: long\r\n\r\n" + Filling(),
        Greeted + "MAIL FROM:<a@b.test>\r\nRCPT TO:<{0}>\r\nBDAT 1000\r\nhalf",
        Greeted + "MAIL FROM:<a@b.test>\r\nRCPT TO:<{0}>\r\nBDAT 600000\r\n" + Filling(),
        Greeted + "MAIL FROM:<a@b.test>\r\nRCPT TO:<{0}>\r\nBDAT 4\r\nhalf",
        Greeted + "BDAT 1000\r\nnobody wants this",
        Greeted + "AUTH LOGIN\r\n",
        Greeted + "AUTH LOGIN Ym9i\r\n",
        Greeted + "AUTH PLAIN\r\nAGJv",
        Greeted + "AUTH PLAIN AGJvYgB3cm9uZw==\r\n",
        "EHLO {0}\r\n",
        "EHLO {0}\r\nPASS",
        Greeted + "STARTTLS\r\n",
        "GET / HTTP/1.1\r\n",
        "\0\0\0\r\n",
        "one line\n",
    ];

    /// <summary>Said to POP3 in clear; {0} is a mailbox that holds a long message.</summary>
    public static IReadOnlyList<string> Pop3 { get; } =
    [
        "",
        "US",
        "CAPA\r\n",
        "USER bob\r\n",
        "USER bob\r\nPASS wr",
        "USER bob\r\nPASS wrong\r\n",
        "AUTH PLAIN\r\n",
        "AUTH PLAIN\r\nAGJv",
        "STLS\r\n",
        "USER {0}\r\n",
        "USER {0}\r\nSTAT\r\nLIST\r\nUIDL\r\n",
        "USER {0}\r\nRETR 1\r\n",
        "USER {0}\r\nRETR\r\n",
        "USER {0}\r\nTOP 1 1000000\r\n",
        "USER {0}\r\nDELE 1\r\n",
        "USER {0}\r\nDELE 1\r\nRSET\r\nQUI",
        "GET / HTTP/1.1\r\n",
    ];

    /// <summary>The first octets of a TLS handshake.</summary>
    public static async Task<byte[]> ClientHelloAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var accepted = await listener.AcceptSocketAsync();
        using var tls = new SslStream(client.GetStream());
        var handshake = tls.AuthenticateAsClientAsync("localhost");
        var octets = new byte[4096];
        var length = await accepted.ReceiveAsync(octets);
        accepted.Close(timeout: 0);
        await Assert.ThrowsAnyAsync<Exception>(() => handshake);
        return octets[..length];
    }

    // More than is stored in one piece.
    private static string Filling() => string.Concat(Enumerable.Repeat(new string('x', 78) + "\r\n", 5000));
}
