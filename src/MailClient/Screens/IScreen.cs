using MailClient.Mailbox;
using MailClient.Mime;

namespace MailClient.Screens;

/// <summary>What the user wants to do with the list, or with the message of a number.</summary>
internal enum ListAction
{
    Back,
    Read,
    Save,
    Delete,
    Undelete,
}

/// <summary>What the user wants to do with the message that is being read.</summary>
internal enum ReadAction
{
    Back,
    Next,
    Previous,
    Reply,
    Save,
    SaveAttachments,
    Delete,
}

/// <summary>
/// Where the user reads and answers. Every implementation makes text from others safe by <see cref="TerminalText"/>.
/// Answers are null at the end of the input.
/// </summary>
internal interface IScreen
{
    /// <summary>Tells that something is done, or how things are.</summary>
    void Say(string line);

    /// <summary>Tells that something went wrong.</summary>
    void Warn(string line);

    /// <summary>The index of the choice taken, or null.</summary>
    int? Choose(string question, IReadOnlyList<string> choices);

    /// <summary>A line of text, which may be empty.</summary>
    /// <param name="preset">What an empty answer stands for.</param>
    string? Ask(string question, string preset = "");

    /// <summary>A line of text that is not shown while it is typed.</summary>
    string? AskHidden(string question);

    bool Confirm(string question);

    /// <summary>The lines up to a lone dot, or null when the input ends before it.</summary>
    string? AskText(string question);

    /// <summary>Shows the list and asks what to do.</summary>
    /// <param name="title">Whose mailbox it is.</param>
    /// <param name="number">The message that was dealt with last.</param>
    (ListAction Action, int Number) ChooseMessage(string title, IReadOnlyList<MessageRow> rows, int number);

    /// <summary>Shows a message and asks what to do.</summary>
    ReadAction Read(MessageRow row, ReadableMessage message);

    /// <summary>Shows how far some work has come.</summary>
    /// <param name="total">What the work reports at its end, or about that.</param>
    Task ProgressAsync(string title, long total, Func<IProgress<long>?, Task> workAsync);
}
