using Spectre.Console;
using Spectre.Console.Rendering;

namespace MailClient.Screens;

/// <summary>A page that is drawn anew with every key.</summary>
internal static class LivePage
{
    /// <summary>Shows what is built until a key gives a result.</summary>
    /// <param name="press">Null: the page stays.</param>
    /// <param name="otherwise">The result when there are no keys any more.</param>
    public static T Run<T>(IAnsiConsole console, Func<IRenderable> build, Func<ConsoleKeyInfo, T?> press, T otherwise)
        where T : struct
    {
        T? result = null;
        while (result is null)
        {
            // A live display keeps the height that it once had: in a smaller window it begins anew.
            var size = Size(console);
            console.Clear();
            console.Live(new Text("")).Start(live =>
            {
                while (result is null && size == Size(console))
                {
                    live.UpdateTarget(build());
                    live.Refresh();
                    result = console.Input.ReadKey(intercept: true) is { } key ? press(key) : otherwise;
                }
            });
        }

        return result.Value;
    }

    private static (int Width, int Height) Size(IAnsiConsole console) => (console.Profile.Width, console.Profile.Height);
}
