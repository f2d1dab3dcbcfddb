using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace MailServer.Benchmarks.Load;

/// <summary><c>load</c>: drives any SMTP and POP3 server on this machine with a bounded load and says what came of it.</summary>
internal static class LoadCommand
{
    private static readonly Option<IPEndPoint> Server = new("--server")
    {
        Description = "ADDRESS:PORT of the server, on loopback",
        Required = true,
        CustomParser = result =>
        {
            if (IPEndPoint.TryParse(result.Tokens[0].Value, out var endPoint) && endPoint.Port != 0 && IPAddress.IsLoopback(endPoint.Address))
                return endPoint;
            result.AddError("--server takes a loopback address and a port, such as 127.0.0.1:2525");
            return null;
        },
    };

    private static readonly Option<int[]> Pids = new("--pid") { Description = "process of the server; repeatable; those that it started count along" };
    private static readonly Option<bool> Json = new("--json") { Description = "print the result as JSON" };
    private static readonly Option<string> Account = new("--account") { Description = "accounts are called NAME0, NAME1, ...", DefaultValueFactory = _ => "u" };
    private static readonly Option<int> AccountCount = Count("--accounts", 1, 1_000_000, "how many accounts there are");
    private static readonly Option<string> Domain = new("--domain") { Description = "the accounts' domain", DefaultValueFactory = _ => "localhost" };
    private static readonly Option<string> Password = new("--password") { Description = "the accounts' password", DefaultValueFactory = _ => "secret" };
    private static readonly Option<bool> Pipelining = new("--pipelining") { Description = "send commands together" };
    private static readonly Option<int> Clients = Count("--connections", 1, 20_000, "clients at the same time");

    public static Command Create() => new("load", "Drive a server with a bounded load")
    {
        Smtp(),
        Pop3(Pop3Work.Login, "log in and quit, a session each; --count is of sessions"),
        Pop3(Pop3Work.List, "log in once and list, --count times each"),
        Pop3(Pop3Work.Retr, "log in once and fetch every message, --count times each"),
        Pop3(Pop3Work.Dele, "log in, fetch and delete every message, and quit"),
        Idle(),
        Mixed(),
        Sink(),
    };

    private static Command Smtp()
    {
        var messages = Count("--messages", 1000, 100_000_000, "messages in all");
        var size = Count("--size", 1024, 1 << 30, "octets of a message");
        var perConnection = new Option<int>("--messages-per-connection") { Description = "0: all that there are" };
        var recipients = Count("--recipients", 1, 1000, "recipients of a message");
        var auth = new Option<bool>("--auth") { Description = "log in on every connection" };
        return Verb("smtp", "send messages", [messages, size, perConnection, recipients, auth, Clients, Pipelining], parsed =>
            new SmtpLoad(parsed.GetRequiredValue(Server), Accounts(parsed))
            {
                Connections = parsed.GetValue(Clients),
                Messages = parsed.GetValue(messages),
                Size = parsed.GetValue(size),
                MessagesPerConnection = parsed.GetValue(perConnection),
                Recipients = parsed.GetValue(recipients),
                IsPipelining = parsed.GetValue(Pipelining),
                LogsIn = parsed.GetValue(auth),
                ServerPids = parsed.GetValue(Pids)!,
            }.RunAsync());
    }

    private static Command Pop3(Pop3Work work, string purpose)
    {
        var rounds = Count("--count", work == Pop3Work.Login ? 1000 : 1, 100_000_000, "how many times");
        var options = work == Pop3Work.Dele ? new Option[] { Clients, Pipelining } : [rounds, Clients, Pipelining];
        return Verb(work.ToString().ToLowerInvariant(), purpose, options, parsed =>
            new Pop3Load(parsed.GetRequiredValue(Server), Accounts(parsed), work)
            {
                Clients = parsed.GetValue(Clients),
                Rounds = work == Pop3Work.Dele ? 1 : parsed.GetValue(rounds),
                IsPipelining = parsed.GetValue(Pipelining),
                ServerPids = parsed.GetValue(Pids)!,
            }.RunAsync());
    }

    private static Command Idle()
    {
        var hold = Count("--seconds", 5, 3600, "how long to hold them");
        var command = new Command("idle", "open connections and hold them") { Server, Pids, Clients, hold, Json };
        command.SetAction(async (parsed, _) =>
        {
            var load = new IdleLoad(
                parsed.GetRequiredValue(Server), parsed.GetValue(Clients), TimeSpan.FromSeconds(parsed.GetValue(hold)), parsed.GetValue(Pids)!);
            var result = await load.RunAsync();
            await parsed.InvocationConfiguration.Output.WriteLineAsync(parsed.GetValue(Json) ? JsonSerializer.Serialize(result) : result.ToString());
        });
        return command;
    }

    private static Command Mixed()
    {
        var pop3 = new Option<int>("--pop3-port") { Description = "the server's POP3 port, at the same address", Required = true };
        var messages = Count("--messages", 1000, 100_000_000, "messages in all");
        var size = Count("--size", 4096, 1 << 30, "octets of a message");
        return Verb("mixed", "send to as many accounts as there are connections while each is read and emptied", [pop3, messages, size, Clients], parsed =>
        {
            var smtp = new SmtpLoad(parsed.GetRequiredValue(Server), Accounts(parsed))
            {
                Connections = parsed.GetValue(Clients),
                Messages = parsed.GetValue(messages),
                Size = parsed.GetValue(size),
                ServerPids = parsed.GetValue(Pids)!,
            };
            return new MixedLoad(smtp, new(smtp.Server.Address, parsed.GetValue(pop3))).RunAsync();
        });
    }

    private static Command Sink()
    {
        var messages = Count("--messages", 1000, 1_000_000, "messages in every maildrop");
        var size = Count("--size", 4096, 1 << 28, "octets of each");
        var command = new Command("sink", "be a server that answers both protocols and stores nothing, until stopped") { messages, size };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var sink = new SinkServer(parsed.GetValue(messages), parsed.GetValue(size));
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"sink {Environment.ProcessId}: SMTP {sink.Smtp}, POP3 {sink.Pop3}"));
            await sink.RunAsync(cancellation);
        });
        return command;
    }

    private static Command Verb(string name, string purpose, IEnumerable<Option> options, Func<ParseResult, Task<LoadResult>> run)
    {
        var command = new Command(name, purpose) { Server, Pids, Json, Account, AccountCount, Domain, Password };
        foreach (var option in options)
            command.Options.Add(option);
        command.SetAction(async (parsed, _) =>
        {
            var result = await run(parsed);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(parsed.GetValue(Json) ? result.ToJson() : result.ToString());
            return result.Errors == 0 ? 0 : 1;
        });
        return command;
    }

    private static LoadAccounts Accounts(ParseResult parsed) =>
        new(parsed.GetValue(Account)!, parsed.GetValue(AccountCount), parsed.GetValue(Domain)!, parsed.GetValue(Password)!);

    private static Option<int> Count(string name, int initial, int max, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => initial };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var value && (value < 1 || value > max))
                result.AddError($"{name} takes a number from 1 to {max}");
        });
        return option;
    }
}
