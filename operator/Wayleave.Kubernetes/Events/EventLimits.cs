namespace Wayleave.Kubernetes.Events;

/// <summary>What the API server takes in an Event; more makes it refuse the whole. It counts bytes of UTF-8.</summary>
internal static class EventLimits
{
    public const int Note = 1024;

    public const int ReportingInstance = 128;

    /// <summary>The longest beginning that fits, with no letter cut in half.</summary>
    public static string Cut(string text, int bytes)
    {
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0)
            {
                return text[..length];
            }

            length += rune.Utf16SequenceLength;
        }

        return text;
    }
}
