using MailServer.Core.Accounts;
using MailServer.Core.Mail;
using MailServer.Settings;
using MailServer.Storage.Memory;

namespace MailServer.Host.Tests;

/// <summary>The program with a store that turns out to be broken once it runs, which ends the process: a test starts it as one of its own.</summary>
internal static class BrokenStore
{
    /// <param name="args">The data directory.</param>
    public static async Task<int> Main(string[] args)
    {
        await using var store = new Storage();
        var endPoints = new[] { EndPointText.Parse("127.0.0.1:0") };
        var settings = new ServerSettings { DataDirectory = args[0], Smtp = endPoints, Pop3 = endPoints };
        await using var servers = await Composition.StartAsync(settings, TimeProvider.System, loggers: null, isAtTerminal: false, (_, _) => store);
        store.Break();
        return 0;
    }

    private sealed class Storage : IMailStorage
    {
        private readonly MemoryStorage _storage = new();
        private Action<Exception>? _end;

        event Action<int, TimeSpan>? IMailStorage.Committed
        {
            add { }
            remove { }
        }

        event Action<Exception>? IMailStorage.Failed
        {
            add { }
            remove { }
        }

        public IAccountStore Accounts => _storage.Accounts;

        public IMailStore Mail => _storage.Mail;

        public void OnBroken(Action<Exception> end) => _end = end;

        public void Break() => _end!(new InvalidOperationException("what cannot be"));

        public ValueTask DisposeAsync() => _storage.DisposeAsync();
    }
}
