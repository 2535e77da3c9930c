using System.Text.RegularExpressions;

namespace Wayleave.Telemetry.Identity;

/// <summary>
/// A version as semver.org 2.0.0 defines it, without what may name a machine, a branch or a person: build metadata, and a pre-release that
/// is not alpha, beta, rc, preview or dev with a number.
/// </summary>
public sealed partial record SemanticVersion
{
    private SemanticVersion(string value) => Value = value;

    public string Value { get; }

    /// <exception cref="FormatException">The text is not a semantic version.</exception>
    public static SemanticVersion Parse(string text) =>
        ParseOrNull(text) ?? throw new FormatException("A version has the form 1.2.3 or 1.2.3-beta.1.");

    /// <summary>Null if the text is not a semantic version. Build metadata is dropped.</summary>
    public static SemanticVersion? ParseOrNull(string? text)
    {
        var match = Pattern().Match(text ?? "");
        return match.Success ? new SemanticVersion(match.Groups["version"].Value) : null;
    }

    public override string ToString() => Value;

    [GeneratedRegex(
        @"\A(?<version>\d{1,9}\.\d{1,9}\.\d{1,9}(-(alpha|beta|rc|preview|dev)(\.\d{1,9})?(?=\+|\z))?)(-[0-9A-Za-z.-]{1,64})?(\+[0-9A-Za-z.-]{1,256})?\z",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
