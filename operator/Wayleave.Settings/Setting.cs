using System.Collections.Immutable;

namespace Wayleave.Settings;

/// <summary>An option: its flag, its environment variables and its default.</summary>
public abstract class Setting
{
    private readonly ImmutableArray<string> _otherVariables;

    private protected Setting(string name, string? placeholder, string defaultText, string description, ImmutableArray<string> variables) =>
        (Name, Placeholder, DefaultText, Description, _otherVariables) = (name, placeholder, defaultText, description, variables);

    /// <summary>The flag without dashes; empty when only the environment has the setting.</summary>
    public string Name { get; }

    /// <summary>The placeholder of the value in the help. Null for a switch.</summary>
    public string? Placeholder { get; }

    /// <summary>As it would be given; empty for none.</summary>
    public string DefaultText { get; }

    public string Description { get; }

    /// <summary>What the variable of a flag begins with; the name of the flag in capitals follows.</summary>
    public string VariablePrefix { get; init; } = "WAYLEAVE_";

    /// <summary>The environment variables; the first that is set counts.</summary>
    public ImmutableArray<string> Variables => Name.Length == 0
        ? _otherVariables
        : [VariablePrefix + Name.Replace('-', '_').ToUpperInvariant(), .. _otherVariables];

    public string Variable => Variables[0];

    public string Option => $"--{Name}";

    public string Help => $"{Description} [{Variable}{(DefaultText.Length == 0 ? "" : $"; default: {DefaultText}")}]";

    /// <summary>A setting that has a variable and no flag.</summary>
    public static Setting<T> InEnvironment<T>(string variable, string defaultText, string description, SettingParser<T> parse) =>
        new(variable, defaultText, description, parse);
}

public sealed class Setting<T> : Setting
{
    private readonly SettingParser<T> _parse;

    /// <summary>A setting with a flag, and with a variable of the same name.</summary>
    /// <param name="otherVariables">Variables that are read when the setting's own is not set.</param>
    public Setting(
        string name, string? placeholder, string defaultText, string description, SettingParser<T> parse,
        params ImmutableArray<string> otherVariables)
        : base(name, placeholder, defaultText, description, otherVariables) => _parse = parse;

    internal Setting(string variable, string defaultText, string description, SettingParser<T> parse)
        : base("", placeholder: null, defaultText, description, [variable]) => _parse = parse;

    internal T Parse(string text, out SettingError? error) => _parse(text, out error);
}

/// <summary>Reads the text of a setting, which has no white space around it.</summary>
/// <param name="text">The text; empty when a flag was given without a value.</param>
/// <param name="error">Why the text cannot be used; null when it can.</param>
public delegate T SettingParser<out T>(string text, out SettingError? error);

/// <summary>Why a text cannot be used. Neither part repeats the text, which may be a secret.</summary>
/// <param name="What">What is wrong with it, to follow the name of the setting: "is not a duration".</param>
/// <param name="Fix">What to do instead: "write it like 15s".</param>
public sealed record SettingError(string What, string Fix);

/// <summary>
/// Binds settings. A flag takes precedence, even without a value; then the first variable that is not blank; then the default. White space
/// around a text is ignored.
/// </summary>
/// <param name="flags">The flags that were given, by name without dashes.</param>
public sealed class SettingBinder(IReadOnlyDictionary<string, string> flags, IReadOnlyDictionary<string, string> environment)
{
    /// <exception cref="OptionsException">The value cannot be used.</exception>
    public T Get<T>(Setting<T> setting)
    {
        var bound = Bind(setting);
        return bound.Error is null ? bound.Value : throw new OptionsException(bound.ErrorMessage);
    }

    /// <summary>Never throws. An invalid value sets <c>Error</c>, and the default is used.</summary>
    public BoundSetting<T> Bind<T>(Setting<T> setting)
    {
        var (text, source) = Find(setting);
        var value = setting.Parse(text, out var error);
        return new BoundSetting<T>(error is null ? value : setting.Parse(setting.DefaultText, out _), source, text, error);
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

public sealed class BoundSetting<T>
{
    private readonly string _text;

    internal BoundSetting(T value, string source, string text, SettingError? error) =>
        (Value, Source, _text, Error) = (value, source, text, error);

    /// <summary>The default if there is an error.</summary>
    public T Value { get; }

    /// <summary>The flag or variable of the value.</summary>
    public string Source { get; }

    /// <summary>Why the text that was given cannot be used; null when it can.</summary>
    public SettingError? Error { get; }

    /// <summary>The error with its source and the text, for settings that are no secret.</summary>
    public string ErrorMessage => $"{Source}: \"{_text}\" {Error?.What}; {Error?.Fix}";

    /// <summary>The error with its source and its effect, without the text.</summary>
    public string DescribeError(string effect) => $"{Source} {Error?.What}, so {effect}; {Error?.Fix}";
}

/// <summary>A flag or variable cannot be used. The message names it and the fix.</summary>
public sealed class OptionsException(string message) : Exception(message);
