using System.CommandLine;
using MailServer.Settings;

namespace MailServer.Cli;

/// <summary>The table of settings as options of the command line.</summary>
internal sealed class SettingOptions
{
    private readonly Dictionary<Setting, Option> _options =
        SettingTable.Rows.Prepend(SettingTable.Config).Prepend(SettingTable.Data).ToDictionary(setting => setting, Make);

    public IEnumerable<Option> OfEveryCommand => [_options[SettingTable.Data], _options[SettingTable.Config], _options[SettingTable.Store]];

    public IEnumerable<Option> OfServe => SettingTable.Rows.Where(setting => setting != SettingTable.Store).Select(setting => _options[setting]);

    /// <summary>The settings of all sources. Throws <see cref="SettingFault"/>.</summary>
    public ServerSettings Read(ParseResult parsed) =>
        Reader(parsed).Read() with { UnknownVariables = EnvironmentSettings.Unknown(Environment.GetEnvironmentVariables().Keys.Cast<string>()) };

    /// <summary>What puts the settings of all sources together.</summary>
    public SettingsReader Reader(ParseResult parsed) =>
        new(new Source(parsed, _options), new EnvironmentSettings(Environment.GetEnvironmentVariable));

    private static Option Make(Setting setting)
    {
        Option option = setting switch
        {
            { IsFlag: true } => new Option<bool>(setting.Option),
            { IsRepeatable: true } => new Option<string[]>(setting.Option),
            _ => new Option<string>(setting.Option),
        };
        option.HelpName = setting.IsFlag ? null : setting.Form;
        option.Description = $"{setting.Help}{(setting.IsRepeatable ? "; repeatable" : "")} ({setting.Default})";
        return option;
    }

    private sealed class Source(ParseResult parsed, Dictionary<Setting, Option> options) : ISettingSource
    {
        public string Name => "command line";

        public string NameOf(Setting setting) => setting.Option;

        public IReadOnlyList<string>? Values(Setting setting)
        {
            if (parsed.GetResult(options[setting]) is not { Implicit: false } given)
                return null;

            // A flag that stands alone is true.
            return given.Tokens is [] ? ["true"] : [.. given.Tokens.Select(token => token.Value)];
        }
    }
}
