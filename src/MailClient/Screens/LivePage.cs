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
        var size = (console.Profile.Width, console.Profile.Height);
        console.Live(new Text("")).Start(live =>
        {
            while (result is null)
            {
                // What a window of another size made of the page is not worth drawing over.
                if (size != (console.Profile.Width, console.Profile.Height))
                    console.Clear();
                size = (console.Profile.Width, console.Profile.Height);
                live.UpdateTarget(build());
                live.Refresh();
                result = console.Input.ReadKey(intercept: true) is { } key ? press(key) : otherwise;
            }
        });
        return result!.Value;
    }
}
