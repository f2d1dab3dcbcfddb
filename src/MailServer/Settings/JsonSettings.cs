using System.Text.Json;

namespace MailServer.Settings;

/// <summary>Settings from a JSON file, in which comments and trailing commas are welcome.</summary>
internal sealed class JsonSettings : ISettingSource
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly string _path;
    private readonly Dictionary<string, IReadOnlyList<string>> _values = [];

    private JsonSettings(string path) => _path = path;

    /// <summary>Reads the file. Throws <see cref="SettingFault"/> for what is no JSON, no setting, or of the wrong type.</summary>
    public static JsonSettings Read(string path)
    {
        try
        {
            FileOddity.ThrowIfPipe(path);
            using var document = JsonDocument.Parse(File.ReadAllText(path), Lenient);
            return FromObject(path, document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new SettingFault($"{path}: line {exception.LineNumber + 1} is no JSON; write {{ \"key\": value, ... }}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingFault($"the settings cannot be read: {FileOddity.Reason(path, exception)}; name a file that can be with --config");
        }
    }

    public string Name => _path;

    public string NameOf(Setting setting) => $"{_path}: {setting.Key}";

    public IReadOnlyList<string>? Values(Setting setting) => _values.GetValueOrDefault(setting.Key);

    private static JsonSettings FromObject(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new SettingFault($"{path}: it must hold one object; write {{ \"key\": value, ... }}");
        var settings = new JsonSettings(path);
        foreach (var property in root.EnumerateObject())
        {
            var key = KeyOf(path, property);
            var setting = SettingTable.Rows.Append(SettingTable.Data).FirstOrDefault(row => row.Key == key)
                ?? throw new SettingFault($"{path}: there is no setting \"{key}\"; mailserver --help lists them (pop3-listing is \"pop3Listing\" here)");
            if (!settings._values.TryAdd(setting.Key, settings.Texts(setting, property.Value)))
                throw new SettingFault($"{path}: {setting.Key} stands there twice; remove one");
        }

        return settings;
    }

    private string[] Texts(Setting setting, JsonElement value) =>
        setting.IsRepeatable && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => Text(setting, item))]
            : [Text(setting, value)];

    private string Text(Setting setting, JsonElement value) => (value.ValueKind, setting.IsFlag) switch
    {
        (JsonValueKind.True, true) => "true",
        (JsonValueKind.False, true) => "false",
        (JsonValueKind.String, false) => TextOf(value) ?? throw new SettingFault($"{NameOf(setting)}: what stands there is no Unicode text: {Right(setting)}"),
        (JsonValueKind.Number, false) => value.GetRawText(),
        (JsonValueKind.String, true) => throw Wrong(setting, value, ", without quotation marks"),
        (JsonValueKind.Null, _) => throw Wrong(setting, value, ", or leave the key out"),
        _ => throw Wrong(setting, value, ""),
    };

    private SettingFault Wrong(Setting setting, JsonElement value, string more) =>
        new($"{NameOf(setting)}: {Shown(setting, value)} is invalid: {Right(setting)}{more}");

    private static string Right(Setting setting) => setting.IsFlag ? "choose true or false" : setting.IsRepeatable ? "write a text or a number, or a list of them" : "write a text or a number";

    // A value as the line of a fault may name it; one that has parts would fill more than that.
    private static string Shown(Setting setting, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => setting.IsRepeatable ? "a list within a list" : "a list",
        JsonValueKind.String => $"'{setting.Shown(TextOf(value) ?? "?")}'",
        _ => $"'{value.GetRawText()}'",
    };

    // Half of a surrogate pair is no text, which the library has no other word for.
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string KeyOf(string path, JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw new SettingFault($"{path}: there is a key that is no Unicode text; mailserver --help lists the settings");
        }
    }
}
