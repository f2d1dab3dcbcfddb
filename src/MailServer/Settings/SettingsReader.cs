using System.Net;

namespace MailServer.Settings;

/// <summary>The values of settings that one source gives, as text. Null for a setting that it does not give.</summary>
internal interface ISettingSource
{
    /// <summary>What this source is, for a person.</summary>
    string Name { get; }

    /// <summary>What this source calls the setting, for messages.</summary>
    string NameOf(Setting setting);

    IReadOnlyList<string>? Values(Setting setting);
}

/// <summary>Puts the settings together: the command line wins, then the environment, then the JSON file.</summary>
internal sealed class SettingsReader(ISettingSource commandLine, ISettingSource environment)
{
    /// <summary>Reads every setting. Throws <see cref="SettingFault"/> for the first that is wrong.</summary>
    public ServerSettings Read()
    {
        var sources = Sources();
        var settings = SettingTable.Rows.Prepend(SettingTable.Data).Aggregate(new ServerSettings(), (s, setting) => Apply(s, setting, sources));
        ThrowIfContradictory(settings);
        return settings;
    }

    /// <summary>Every setting as it is written, with the name of its source; null and null where nothing is written.</summary>
    public IEnumerable<(Setting Setting, IReadOnlyList<string>? Values, string? Source)> Origins()
    {
        var sources = Sources();
        foreach (var setting in SettingTable.Rows.Prepend(SettingTable.Config).Prepend(SettingTable.Data))
        {
            var source = First(setting, sources);
            yield return (setting, source?.Values(setting), source?.Name);
        }
    }

    private ISettingSource[] Sources() => File() is { } file ? [commandLine, environment, file] : [commandLine, environment];

    private JsonSettings? File()
    {
        ISettingSource[] sources = [commandLine, environment];
        if (First(SettingTable.Config, sources)?.Values(SettingTable.Config) is { } chosen)
        {
            Apply(new ServerSettings(), SettingTable.Config, sources);
            return JsonSettings.Read(chosen[^1]);
        }

        var directory = Apply(new ServerSettings(), SettingTable.Data, sources).DataDirectory;
        var path = new DataDirectory(directory).SettingsFile;
        return Path.Exists(path) ? JsonSettings.Read(path) : null;
    }

    private static ServerSettings Apply(ServerSettings settings, Setting setting, ISettingSource[] sources)
    {
        if (First(setting, sources) is not { } source)
            return settings;
        var values = source.Values(setting)!;
        if (values is [])
            throw new SettingFault($"{source.NameOf(setting)} names nothing; name at least one, or leave it out for {setting.Default}");
        try
        {
            return setting.Apply(settings, values);
        }
        catch (SettingFault fault)
        {
            throw new SettingFault($"{source.NameOf(setting)}: '{string.Join(", ", values.Select(setting.Shown))}' is invalid: {fault.Message}");
        }
    }

    // What concerns several settings.
    private static void ThrowIfContradictory(ServerSettings settings)
    {
        if (settings is { TlsKey: not null, TlsCertificate: null })
            throw new SettingFault("--tls-key is given without --tls-cert, so nothing would use it; name the certificate that it belongs to too");
        (string Option, EndPointText EndPoint)[] all = [.. settings.Smtp.Select(smtp => ("--smtp", smtp)), .. settings.Pop3.Select(pop3 => ("--pop3", pop3))];
        for (var i = 1; i < all.Length; i++)
        {
            var (option, endPoint) = all[i];
            if (all.Take(i).FirstOrDefault(other => Meet(other.EndPoint, endPoint)) is not { Option: { } sameOption, EndPoint: var same })
                continue;
            throw new SettingFault($"{sameOption} {same} and {option} {endPoint} both name port {same.EndPoints[0].Port}; {(option == sameOption ? "leave one of them out" : "choose another for one of them")}");
        }
    }

    private static bool Meet(EndPointText one, EndPointText other) => one.EndPoints.Any(first => first.Port != 0 && other.EndPoints.Any(second => Meet(first, second)));

    private static bool Meet(IPEndPoint one, IPEndPoint other) =>
        one.Port == other.Port && one.AddressFamily == other.AddressFamily
        && (one.Address.Equals(other.Address) || IsAny(one.Address) || IsAny(other.Address));

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static ISettingSource? First(Setting setting, ISettingSource[] sources) =>
        sources.FirstOrDefault(source => source.Values(setting) is not null);
}
