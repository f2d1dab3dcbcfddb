using System.Globalization;
using System.Text.Json;

namespace MailServer.Benchmarks.Load;

/// <summary>What one run of a load measured.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Unit">What was counted: messages, sessions, lists.</param>
/// <param name="Count">How many succeeded.</param>
/// <param name="Octets">Octets of message text that were carried.</param>
/// <param name="FirstError">What went wrong first, or null.</param>
internal sealed record LoadResult(
    string Name, string Unit, long Count, long Octets, double Seconds, double P50, double P95, double P99, long Errors, string? FirstError)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>What the server used meanwhile; null when nobody named it.</summary>
    public ServerUse? Server { get; init; }

    public double Rate => Count / Seconds;

    public double MegabytesPerSecond => Octets / Seconds / 1_000_000;

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public override string ToString()
    {
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{Name}: {Count} {Unit} in {Seconds:0.00} s, {Rate:0} {Unit}/s, {MegabytesPerSecond:0.0} MB/s; ms p50 {P50:0.00} p95 {P95:0.00} p99 {P99:0.00}; {Errors} errors");
        if (FirstError is not null)
            line += $" (first: {FirstError})";
        return Server is null ? line : $"{line}\n  server: {Server}";
    }
}
