using System.Reflection;
using System.Text.RegularExpressions;
using MailServer.Core.Pop3;
using MailServer.Core.Pop3.Bodies;
using MailServer.Core.Smtp;
using MailServer.Testing;

namespace MailServer.Transcripts;

/// <summary>Every text that the server can answer with is answered in at least one transcript.</summary>
public sealed class ReplyCoverageTests(EveryReply every) : IClassFixture<EveryReply>
{
    // Stand in the samples for what differs from answer to answer.
    private const string AnyText = "\u2026";
    private const int AnyNumber = 987654321;

    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        [nameof(SmtpReplies.TooManyConnections)] = "It is said before there is a session; ConnectionLimitTests hear it.",
    };

    public static TheoryData<string> SmtpMembers => Members(typeof(SmtpReplies));

    public static TheoryData<string> Pop3Members => Members(typeof(Pop3Replies));

    [Theory]
    [MemberData(nameof(SmtpMembers))]
    public void An_SMTP_reply_occurs_in_a_transcript(string member)
    {
        foreach (var reply in Samples<SmtpReply>(typeof(SmtpReplies), member))
            AssertSaid(reply.Format(0), every.Smtp);
    }

    [Theory]
    [MemberData(nameof(Pop3Members))]
    public void A_POP3_reply_occurs_in_a_transcript(string member)
    {
        foreach (var reply in Samples<Pop3Reply>(typeof(Pop3Replies), member))
            AssertSaid(reply.FirstLine, every.Pop3);
    }

    private static void AssertSaid(string sample, IReadOnlySet<string> said)
    {
        var pattern = "^" + Regex.Escape(sample)
            .Replace($"{AnyNumber}\\ messages", "[0-9]+ messages?", StringComparison.Ordinal)
            .Replace($"{AnyNumber}", "[0-9]+", StringComparison.Ordinal)
            .Replace(AnyText, ".*", StringComparison.Ordinal) + "$";
        Assert.True(said.Any(line => Regex.IsMatch(line, pattern, RegexOptions.CultureInvariant, HangGuard.Limit)), $"No transcript has the answer {sample}");
    }

    private static TheoryData<string> Members(Type type) =>
    [
        .. type.GetMembers(BindingFlags.Public | BindingFlags.Static)
            .Where(member => member is PropertyInfo or MethodInfo { IsSpecialName: false } && member.Name != "For" && !Exceptions.ContainsKey(member.Name))
            .Select(member => member.Name),
    ];

    private static IEnumerable<T> Samples<T>(Type type, string name) => type.GetMember(name, BindingFlags.Public | BindingFlags.Static)
        .SelectMany(member => member is MethodInfo method
            ? Arguments(method.GetParameters()).Select(arguments => (T)method.Invoke(null, arguments)!)
            : [(T)((PropertyInfo)member).GetValue(null)!]);

    // A state and a verb that it refuses choose between texts, so each such pair is a sample of its own.
    private static IEnumerable<object?[]> Arguments(ParameterInfo[] parameters) =>
        parameters is [{ ParameterType: var first }, ..] && first == typeof(SmtpState)
            ? from state in new[] { SmtpState.Connected, SmtpState.Ready, SmtpState.Sender, SmtpState.Recipients, SmtpState.Chunks }
              from command in SmtpCommandTable.Standard.Commands
              where SmtpCommandTable.Standard.Find(command.Verb, state) is null
              select new object?[] { state, command.Verb }
            : [[.. parameters.Select(Sample)]];

    private static object? Sample(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type == typeof(string) => AnyText,
        var type when type == typeof(int) => AnyNumber,
        var type when type == typeof(long) => (long)AnyNumber,
        var type when type == typeof(IMultilineBody) => null,
        _ => new[] { AnyText, AnyText },
    };
}

/// <summary>What the sessions say when every transcript is played.</summary>
public sealed class EveryReply : IAsyncLifetime
{
    private readonly HashSet<string> _smtp = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pop3 = new(StringComparer.Ordinal);

    public IReadOnlySet<string> Smtp => _smtp;

    public IReadOnlySet<string> Pop3 => _pop3;

    public async Task InitializeAsync()
    {
        foreach (var transcript in TranscriptFiles.Names.Select(TranscriptFiles.Read))
        {
            await using var player = await DirectPlayer.StartAsync(transcript, Slicing.Whole);
            await Performance.PlayAsync(transcript, player, $"direct, {Slicing.Whole}");
            (transcript.Protocol == TranscriptProtocol.Smtp ? _smtp : _pop3).UnionWith(player.Replies);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
