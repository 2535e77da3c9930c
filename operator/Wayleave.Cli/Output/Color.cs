using Wayleave.Api;

namespace Wayleave.Cli.Output;

/// <summary>Colors of a terminal, with their codes.</summary>
internal enum Color
{
    None = 0,
    Red = 31,
    Green = 32,
    Yellow = 33,
    Cyan = 36,
}

/// <summary>Colors text, if the output has color.</summary>
internal sealed class Palette(bool isEnabled)
{
    /// <summary>The color of a condition's status or of a target's state.</summary>
    public static Color ForState(string? state) => state switch
    {
        "True" or TargetStateNames.Enforced => Color.Green,
        "False" or TargetStateNames.Failed => Color.Red,
        "Unknown" or TargetStateNames.Pending => Color.Yellow,
        _ => Color.None,
    };

    public string Paint(string text, Color color) => isEnabled && color != Color.None && text.Length > 0
        ? $"\e[{(int)color}m{text}\e[0m"
        : text;
}
