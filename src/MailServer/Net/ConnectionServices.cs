using MailServer.Core.Sessions;

namespace MailServer.Net;

/// <summary>What the connections of both daemons share.</summary>
/// <param name="Tls">Null when TLS is not offered.</param>
/// <param name="WantsTranscript">True when every line goes to the log.</param>
internal sealed record ConnectionServices(MailLimits Limits, TlsHandshakes? Tls, Metrics Metrics, TimeProvider Clock, bool WantsTranscript);
