using System.Runtime.InteropServices;

namespace Wayleave.Operator.Metrics;

/// <summary>The values of a measurement's tags, at most two, as a key that costs no allocation.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TagValues(string? First, string? Second)
{
    public static TagValues Of(ReadOnlySpan<KeyValuePair<string, object?>> tags) => new(
        tags.Length > 0 ? tags[0].Value as string : null,
        tags.Length > 1 ? tags[1].Value as string : null);
}
