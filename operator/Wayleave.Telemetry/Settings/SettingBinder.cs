namespace Wayleave.Telemetry.Settings;

/// <summary>
/// Binds settings. A flag takes precedence, even without a value; then the first variable that is not blank; then the default. White space
/// around a text is ignored.
/// </summary>
/// <param name="flags">The flags that were given, by name without dashes.</param>
/// <param name="environment">The environment variables.</param>
public sealed class SettingBinder(IReadOnlyDictionary<string, string> flags, IReadOnlyDictionary<string, string> environment)
{
    /// <summary>Never throws. An invalid value sets <c>Fault</c>, and the default is used.</summary>
    public BoundSetting<T> Bind<T>(Setting<T> setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        var (text, source) = Find(setting);
        var value = setting.Parse(text, out var fault);
        return new BoundSetting<T>(fault is null ? value : setting.Parse(setting.DefaultText, out _), source, text, fault);
    }

    private (string Text, string Source) Find(Setting setting)
    {
        if (setting.Name.Length > 0 && flags.TryGetValue(setting.Name, out var flag))
        {
            return (flag.Trim(), setting.Option);
        }

        foreach (var variable in setting.Variables)
        {
            if (environment.TryGetValue(variable, out var text) && !string.IsNullOrWhiteSpace(text))
            {
                return (text.Trim(), variable);
            }
        }

        return (setting.DefaultText, setting.Name.Length > 0 ? setting.Option : setting.Variable);
    }
}

/// <summary>The value of a setting and where it comes from.</summary>
public sealed class BoundSetting<T>
{
    private readonly string _text;

    internal BoundSetting(T value, string source, string text, SettingError? fault) =>
        (Value, Source, _text, Fault) = (value, source, text, fault);

    /// <summary>The default if there is a fault.</summary>
    public T Value { get; }

    /// <summary>The flag or variable of the value.</summary>
    public string Source { get; }

    /// <summary>Why the text that was given cannot be used; null when it can.</summary>
    public SettingError? Fault { get; }

    /// <summary>The fault with its source and the text, for settings that are no secret.</summary>
    public string Problem => $"{Source}: \"{_text}\" {Fault?.What}; {Fault?.Fix}";

    /// <summary>The fault with its source and its effect, without the text.</summary>
    public string ProblemWith(string effect) => $"{Source} {Fault?.What}, so {effect}; {Fault?.Fix}";
}
