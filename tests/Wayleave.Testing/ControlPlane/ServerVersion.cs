using System.Globalization;
using System.Text.Json;

namespace Wayleave.Testing.ControlPlane;

/// <summary>The version of an API server.</summary>
/// <param name="Minor">The minor version, such as 36 for 1.36.</param>
/// <param name="Text">The full version, such as <c>v1.36.2</c>.</param>
public sealed record ServerVersion(int Minor, string Text)
{
    /// <summary>Parses the answer of an API server at <c>/version</c>.</summary>
    public static ServerVersion Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var version = document.RootElement;

        // Some distributions append a plus sign.
        var minor = version.GetProperty("minor").GetString()!.TrimEnd('+');
        return new ServerVersion(int.Parse(minor, CultureInfo.InvariantCulture), version.GetProperty("gitVersion").GetString()!);
    }

    public override string ToString() => $"Kubernetes {Text}";
}
