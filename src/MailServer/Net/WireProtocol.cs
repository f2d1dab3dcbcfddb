namespace MailServer.Net;

/// <summary>What a daemon is called and where it listens.</summary>
/// <param name="Name">The protocol's name in the log; its first letter begins the sessions' names.</param>
/// <param name="Option">The option that says where to listen.</param>
/// <param name="StandardPort">The protocol's port.</param>
/// <param name="OtherPort">The port to take where the standard one is not permitted.</param>
/// <param name="Refusal">The line for a client over the limits, without its line end.</param>
internal sealed record WireProtocol(string Name, string Option, int StandardPort, int OtherPort, string Refusal);
