using System.Net;
using System.Text;

namespace MailClient.Mime;

/// <summary>Shows HTML as plain text, with the targets of links in sight. Linear in the text's length.</summary>
internal static class HtmlText
{
    private static readonly HashSet<string> NewLine = new(StringComparer.Ordinal)
    {
        "br", "div", "tr", "dt", "dd", "hr", "form", "header", "footer", "section", "article", "address",
    };

    private static readonly HashSet<string> NewParagraph = new(StringComparer.Ordinal)
    {
        "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre",
    };

    private static readonly HashSet<string> Unseen = new(StringComparer.Ordinal) { "script", "style", "title", "template", "svg" };

    /// <summary>The text of an HTML document or a piece of one.</summary>
    public static string Convert(string html)
    {
        var text = new TextFlow();
        string? link = null;
        var position = 0;
        while (position < html.Length)
        {
            var open = html.IndexOf('<', position);
            text.Add(WebUtility.HtmlDecode(html[position..(open < 0 ? html.Length : open)]));
            if (open < 0)
                break;
            if (html.AsSpan(open).StartsWith("<!--"))
            {
                position = EndOf(html, "-->", open);
                continue;
            }

            var end = html.IndexOf('>', open);
            if (end < 0)
            {
                text.Add(WebUtility.HtmlDecode(html[open..]));
                break;
            }

            var tag = html[(open + 1)..end];
            var name = Name(tag);
            position = Unseen.Contains(name) ? EndOf(html, "</" + name, end) : end + 1;
            Apply(name, tag, text, ref link);
        }

        return text.ToString();
    }

    private static void Apply(string name, string tag, TextFlow text, ref string? link)
    {
        if (NewParagraph.Contains(name) || NewParagraph.Contains(name.TrimStart('/')))
            text.EndLine(blankLines: 1);
        else if (NewLine.Contains(name) || NewLine.Contains(name.TrimStart('/')))
            text.EndLine(blankLines: 0, isForced: name == "br");
        switch (name)
        {
            case "li":
                text.EndLine(blankLines: 0);
                text.Add("- ");
                break;
            case "td" or "th":
                text.Add(" ");
                break;
            case "img" when Attribute(tag, "alt") is { Length: > 0 } alternative:
                text.Add($"[{alternative}]");
                break;
            case "a":
                link = Attribute(tag, "href");
                text.MarkLink();
                break;
            case "/a" when link is not null:
                // Where a link leads and what it says may be two things: show both.
                if (!text.LinkText.Contains(link.TrimEnd('/'), StringComparison.OrdinalIgnoreCase) && !link.StartsWith('#'))
                    text.Add($" <{link}>");
                link = null;
                break;
        }
    }

    private static string Name(string tag)
    {
        var length = tag.AsSpan().IndexOfAny(" \t\r\n");
        return (length < 0 ? tag : tag[..length]).TrimEnd('/').ToLowerInvariant();
    }

    private static string? Attribute(string tag, string name)
    {
        var at = tag.IndexOf(name + "=", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;
        var value = tag.AsSpan(at + name.Length + 1).TrimStart();
        if (value.IsEmpty)
            return null;
        var length = value[0] is '"' or '\'' ? value[1..].IndexOf(value[0]) : value.IndexOfAny(" \t\r\n");
        var start = value[0] is '"' or '\'' ? 1 : 0;
        var text = length < 0 ? value[start..] : value.Slice(start, length);
        return WebUtility.HtmlDecode(text.ToString()).Trim();
    }

    // Behind the end, or at the end of the text as browsers have it: so one search fails at most.
    private static int EndOf(string html, string end, int start)
    {
        var at = html.IndexOf(end, start, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return html.Length;
        var close = html.IndexOf('>', at);
        return close < 0 ? html.Length : close + 1;
    }

    /// <summary>Text with its blanks run together, as HTML flows.</summary>
    private sealed class TextFlow
    {
        private readonly StringBuilder _text = new();
        private int _lineEnds = 2;
        private bool _isBlankDue;
        private int _linkStart;

        public string LinkText => _text.ToString(_linkStart, Math.Min(_text.Length - _linkStart, 2_048));

        public void MarkLink() => _linkStart = _text.Length;

        public void Add(string text)
        {
            foreach (var character in text)
            {
                if (char.IsWhiteSpace(character))
                {
                    _isBlankDue = true;
                    continue;
                }

                if (_isBlankDue && _lineEnds == 0)
                    _text.Append(' ');
                _isBlankDue = false;
                _lineEnds = 0;
                _text.Append(character);
            }
        }

        public void EndLine(int blankLines, bool isForced = false)
        {
            _isBlankDue = false;
            while (_lineEnds <= blankLines || (isForced && _lineEnds < 2))
            {
                _text.Append('\n');
                _lineEnds++;
                isForced = false;
            }
        }

        public override string ToString() => _text.ToString().Trim('\n');
    }
}
