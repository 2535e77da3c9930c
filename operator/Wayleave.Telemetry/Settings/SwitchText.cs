namespace Wayleave.Telemetry.Settings;

/// <summary>Reads the text of a switch, in any case: true, false, 1, 0, yes, no, on, off.</summary>
internal static class SwitchText
{
    /// <summary>Null if it is none of them.</summary>
    public static bool? TryParse(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "1" or "YES" or "ON" => true,
        "FALSE" or "0" or "NO" or "OFF" => false,
        _ => null,
    };
}
