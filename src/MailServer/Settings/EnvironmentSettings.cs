namespace MailServer.Settings;

/// <summary>Settings from environment variables. An empty variable counts as none.</summary>
/// <param name="variable">The value of a variable, or null.</param>
internal sealed class EnvironmentSettings(Func<string, string?> variable) : ISettingSource
{
    // Of the project's own tests.
    private static readonly string[] _others = ["MAILSERVER_TORTURE", "MAILSERVER_TEST_PATH"];

    // What Kubernetes gives to every container beside a service that is called mailserver.
    private static readonly string[] _ofServices = ["MAILSERVER_PORT", "MAILSERVER_SERVICE_"];

    private const StringSplitOptions Clean = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    /// <summary>Those of the variables that look like settings and are none, such as a misspelt one.</summary>
    public static IReadOnlyList<string> Unknown(IEnumerable<string> variables)
    {
        var comparer = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        var known = SettingTable.Rows.Append(SettingTable.Data).Append(SettingTable.Config).Select(setting => setting.Variable).Concat(_others).ToHashSet(comparer);
        return [.. variables.Where(name => name.StartsWith("MAILSERVER_", StringComparison.OrdinalIgnoreCase) && !known.Contains(name) && !IsOfService(name)).Order(StringComparer.Ordinal)];
    }

    private static bool IsOfService(string name) => _ofServices.Any(start => name.StartsWith(start, StringComparison.Ordinal));

    public string Name => "environment";

    public string NameOf(Setting setting) => setting.Variable;

    public IReadOnlyList<string>? Values(Setting setting)
    {
        var text = variable(setting.Variable)?.Trim();
        if (string.IsNullOrEmpty(text))
            return null;
        return setting.IsRepeatable ? text.Split([',', ';'], Clean) : [text];
    }
}
