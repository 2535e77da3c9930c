using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Tags = System.ReadOnlySpan<System.Collections.Generic.KeyValuePair<string, object?>>;

namespace Wayleave.Operator.Metrics;

/// <summary>
/// The tags of one series as Prometheus writes its labels: <c>method="GET",code="200"</c>. Their order does not tell series apart.
/// </summary>
internal sealed class TagSet
{
    private readonly List<(string Name, string Value)> _tags = [];

    private TagSet(Tags tags)
    {
        foreach (var (name, value) in tags)
        {
            // An empty label is the same as none (Prometheus data model), and one that is there twice would make the whole page unreadable.
            _tags.RemoveAll(known => known.Name == name);
            if (TextOf(value) is { Length: > 0 } text)
            {
                _tags.Add((name, text));
            }
        }

        Labels = string.Join(',', _tags.Select(tag => $"{LabelName(tag.Name)}=\"{Escape(tag.Value)}\""));
    }

    /// <summary>As it stands between the braces; empty without tags.</summary>
    public string Labels { get; }

    /// <summary>Finds series by the tags of a measurement, without an allocation for tags whose values are strings.</summary>
    public static IEqualityComparer<TagSet> Comparer { get; } = new TagComparer();

    private static string Escape(string value) =>
        value.Replace("\\", @"\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);

    // Names of OpenTelemetry may have dots.
    private static string LabelName(string name)
    {
        var text = new StringBuilder(name);
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = char.IsAsciiLetter(text[i]) || (i > 0 && char.IsAsciiDigit(text[i])) ? text[i] : '_';
        }

        return text.ToString();
    }

    private static string TextOf(object? value) => value switch
    {
        null => "",
        string text => text,
        true => "true",
        false => "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private sealed class TagComparer : IEqualityComparer<TagSet>, IAlternateEqualityComparer<Tags, TagSet>
    {
        public bool Equals(TagSet? x, TagSet? y) =>
            x is null || y is null ? ReferenceEquals(x, y) : x._tags.Count == y._tags.Count && x._tags.TrueForAll(y._tags.Contains);

        public int GetHashCode([DisallowNull] TagSet obj)
        {
            var hash = 0;
            foreach (var (name, value) in obj._tags)
            {
                hash += HashOf(name, value);
            }

            return hash;
        }

        public TagSet Create(Tags alternate) => new(alternate);

        public bool Equals(Tags alternate, TagSet other)
        {
            var found = 0;
            for (var i = 0; i < alternate.Length; i++)
            {
                var text = Counts(alternate, i);
                if (text is not null && !other._tags.Contains((alternate[i].Key, text)))
                {
                    return false;
                }

                found += text is null ? 0 : 1;
            }

            return found == other._tags.Count;
        }

        public int GetHashCode(Tags alternate)
        {
            var hash = 0;
            for (var i = 0; i < alternate.Length; i++)
            {
                hash += Counts(alternate, i) is { } text ? HashOf(alternate[i].Key, text) : 0;
            }

            return hash;
        }

        // Null for a tag that the set does not keep: an empty one, or one that a later tag of the same name replaces.
        private static string? Counts(Tags tags, int index)
        {
            for (var later = index + 1; later < tags.Length; later++)
            {
                if (tags[later].Key == tags[index].Key)
                {
                    return null;
                }
            }

            return TextOf(tags[index].Value) is { Length: > 0 } text ? text : null;
        }

        private static int HashOf(string name, string value) =>
            HashCode.Combine(string.GetHashCode(name, StringComparison.Ordinal), string.GetHashCode(value, StringComparison.Ordinal));
    }
}
