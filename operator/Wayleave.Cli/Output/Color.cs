using Wayleave.Api;

namespace Wayleave.Cli.Output;

internal enum Color
{
    None,
    Red,
    Green,
    Yellow,
    Cyan,
}

/// <summary>Colors text, if the output has color.</summary>
internal sealed class Palette(bool isEnabled)
{
    /// <summary>The color of a condition's status or of a target's state.</summary>
    public static Color ForState(string? state) => state switch
    {
        "True" or TargetStates.Enforced => Color.Green,
        "False" or TargetStates.Failed => Color.Red,
        "Unknown" or TargetStates.Pending => Color.Yellow,
        _ => Color.None,
    };

    public string Paint(string text, Color color) => isEnabled && color != Color.None && text.Length > 0
        ? $"\e[{Code(color)}m{text}\e[0m"
        : text;

    private static string Code(Color color) => color switch
    {
        Color.Red => "31",
        Color.Green => "32",
        Color.Yellow => "33",
        _ => "36",
    };
}
