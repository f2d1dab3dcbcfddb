namespace MailServer.Settings;

/// <summary>Settings from environment variables. An empty variable counts as none.</summary>
/// <param name="variable">The value of a variable, or null.</param>
internal sealed class EnvironmentSettings(Func<string, string?> variable) : ISettingSource
{
    private const StringSplitOptions Clean = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    public string Name => "environment";

    public string Call(Setting setting) => setting.Variable;

    public IReadOnlyList<string>? Values(Setting setting)
    {
        var text = variable(setting.Variable)?.Trim();
        if (string.IsNullOrEmpty(text))
            return null;
        return setting.IsRepeatable ? text.Split([',', ';'], Clean) : [text];
    }
}
