using System.Globalization;
using System.Net;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Operator.Configuration;

/// <summary>The flags as given, else the environment, else the defaults; read as what they are.</summary>
internal sealed class FlagValues(IReadOnlyDictionary<string, string> given, IReadOnlyDictionary<string, string> environment)
{
    private const int LongestLabel = 63;
    private const int LongestSubdomain = 253;

    /// <summary>As given on the command line; null when it was not.</summary>
    public string? Given(Flag flag) => given.GetValueOrDefault(flag.Name);

    /// <summary>Null when it is empty.</summary>
    public string? Text(Flag flag) => Raw(flag).Value is { Length: > 0 } text ? text : null;

    /// <summary>The name of a namespace; null when it is empty.</summary>
    public string? Namespace(Flag flag) => Name(flag, "a namespace", LongestLabel, allowsDots: false);

    /// <summary>The name of another object; null when it is empty.</summary>
    public string? ObjectName(Flag flag) => Name(flag, "an object", LongestSubdomain, allowsDots: true);

    public int Number(Flag flag, int lowest, int highest)
    {
        var (value, source) = Raw(flag);
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= lowest && number <= highest
            ? number
            : throw new OptionsException($"{source}: \"{value}\" is not a whole number from {lowest} to {highest}.");
    }

    public bool Switch(Flag flag)
    {
        var (value, source) = Raw(flag);
        return bool.TryParse(value, out var on) ? on : throw new OptionsException($"{source}: \"{value}\" is neither true nor false.");
    }

    public TEnum Choice<TEnum>(Flag flag)
        where TEnum : struct, Enum
    {
        var (value, source) = Raw(flag);
        return Enum.TryParse<TEnum>(value, ignoreCase: true, out var choice) && Enum.IsDefined(choice) && !char.IsAsciiDigit(value[0])
            ? choice
            : throw new OptionsException($"{source}: \"{value}\" is none of {string.Join(", ", Enum.GetNames<TEnum>())}.");
    }

    /// <summary>Of more than nothing, and of an hour at most.</summary>
    public TimeSpan Duration(Flag flag)
    {
        var (value, source) = Raw(flag);
        return DurationText.TryParse(value) is { } duration && duration > TimeSpan.Zero && duration <= TimeSpan.FromHours(1)
            ? duration
            : throw new OptionsException($"{source}: \"{value}\" is not a duration of up to 1h; write it like 15s, 2m or 1m30s.");
    }

    public IPAddress? Address(Flag flag)
    {
        var (value, source) = Raw(flag);
        return value == "*" ? null
            : IPAddress.TryParse(value, out var address) ? address
            : throw new OptionsException($"{source}: \"{value}\" is neither * nor an IP address.");
    }

    // RFC 1123, as Kubernetes checks names.
    private string? Name(Flag flag, string what, int longest, bool allowsDots)
    {
        var (value, source) = Raw(flag);
        if (value.Length == 0)
        {
            return null;
        }

        var isName = value.Length <= longest
            && value.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '.')
            && (allowsDots || !value.Contains('.', StringComparison.Ordinal))
            && value.Split('.').All(static label => label.Length > 0 && label[0] != '-' && label[^1] != '-');
        return isName
            ? value
            : throw new OptionsException(
                $"{source}: \"{value}\" cannot be the name of {what}; "
                + $"use at most {longest} lower-case letters, digits and -, and begin and end with a letter or a digit");
    }

    private (string Value, string Source) Raw(Flag flag)
    {
        if (given.TryGetValue(flag.Name, out var value))
        {
            return (value, flag.Option);
        }

        return environment.TryGetValue(flag.Variable, out value) && value.Length > 0 ? (value, flag.Variable) : (flag.Default, flag.Option);
    }
}
