namespace MailServer.Net;

/// <summary>The server cannot listen where it should; the message says why, and what to do, in one line.</summary>
public sealed class ListenFault(string message, Exception cause) : Exception(message, cause);
