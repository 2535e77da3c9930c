using System.Collections.Immutable;

namespace Wayleave.Telemetry.Settings;

/// <summary>An option: its flag, its environment variables and its default.</summary>
public abstract class Setting
{
    private protected Setting(string name, string? placeholder, string defaultText, string description, ImmutableArray<string> variables) =>
        (Name, Placeholder, DefaultText, Description, Variables) = (name, placeholder, defaultText, description, variables);

    /// <summary>The flag without dashes; empty when only the environment has the setting.</summary>
    public string Name { get; }

    /// <summary>The placeholder of the value in the help. Null for a switch.</summary>
    public string? Placeholder { get; }

    /// <summary>As it would be given; empty for none.</summary>
    public string DefaultText { get; }

    /// <summary>One sentence.</summary>
    public string Description { get; }

    /// <summary>The environment variables; the first that is set counts.</summary>
    public ImmutableArray<string> Variables { get; }

    /// <summary>The first of the variables.</summary>
    public string Variable => Variables[0];

    /// <summary>The flag with its dashes.</summary>
    public string Option => $"--{Name}";

    /// <summary>The description, the variable and the default.</summary>
    public string Help => $"{Description} [{Variable}{(DefaultText.Length == 0 ? "" : $"; default: {DefaultText}")}]";

    /// <summary>A setting that has a variable and no flag.</summary>
    public static Setting<T> InEnvironment<T>(string variable, string defaultText, string description, SettingParser<T> parse) =>
        new(variable, defaultText, description, parse);
}

/// <summary>A setting whose value is a <typeparamref name="T"/>.</summary>
public sealed class Setting<T> : Setting
{
    private readonly SettingParser<T> _parse;

    /// <summary>A setting with a flag, and with the variable <c>WAYLEAVE_</c> and the name of the flag in capitals.</summary>
    /// <param name="name">The flag without dashes.</param>
    /// <param name="placeholder">The placeholder of the value in the help. Null for a switch.</param>
    /// <param name="defaultText">As it would be given; empty for none.</param>
    /// <param name="description">One sentence.</param>
    /// <param name="parse">Reads and checks the text.</param>
    /// <param name="otherVariables">Variables that are read when the setting's own is not set.</param>
    public Setting(
        string name, string? placeholder, string defaultText, string description, SettingParser<T> parse,
        params ImmutableArray<string> otherVariables)
        : base(name, placeholder, defaultText, description, ["WAYLEAVE_" + name.Replace('-', '_').ToUpperInvariant(), .. otherVariables]) =>
        _parse = parse;

    internal Setting(string variable, string defaultText, string description, SettingParser<T> parse)
        : base("", placeholder: null, defaultText, description, [variable]) => _parse = parse;

    internal T Parse(string text, out SettingError? fault) => _parse(text, out fault);
}

/// <summary>Reads the text of a setting, which has no white space around it.</summary>
/// <param name="text">The text; empty when a flag was given without a value.</param>
/// <param name="fault">Why the text cannot be used; null when it can.</param>
public delegate T SettingParser<out T>(string text, out SettingError? fault);

/// <summary>Why a text cannot be used. Neither part repeats the text, which may be a secret.</summary>
/// <param name="What">What is wrong with it, to follow the name of the setting: "is not a duration".</param>
/// <param name="Fix">What to do instead: "write it like 15s".</param>
public sealed record SettingError(string What, string Fix);
