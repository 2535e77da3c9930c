namespace Wayleave.Telemetry.Settings;

/// <summary>A setting and where it came from.</summary>
/// <param name="Value">The value.</param>
/// <param name="Source">The flag or variable that gave it, or would have.</param>
internal readonly record struct SettingValue<T>(T Value, string Source);
