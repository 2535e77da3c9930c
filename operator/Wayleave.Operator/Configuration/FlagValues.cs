using Wayleave.Operator.Domains;
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

    public TimeSpan Duration(Flag flag, TimeSpan lowest, TimeSpan highest)
    {
        var (value, source) = Raw(flag);
        if (DurationText.TryParse(value) is not { } duration)
        {
            throw new OptionsException($"{source}: \"{value}\" is not a duration; write it like 15s, 2m or 1m30s.");
        }

        return duration >= lowest && duration <= highest
            ? duration
            : throw new OptionsException(
                $"{source}: \"{value}\" is out of range; use {DurationText.Write(lowest)} to {DurationText.Write(highest)}.");
    }

    public IPAddress? Address(Flag flag)
    {
        var (value, source) = Raw(flag);
        return value == "*" ? null
            : IPAddress.TryParse(value, out var address) ? address
            : throw new OptionsException($"{source}: \"{value}\" is neither * nor an IP address.");
    }

    /// <summary>The entries of a list, separated by commas.</summary>
    /// <param name="flag">The list.</param>
    /// <param name="parse">Reads an entry; what is wrong with it, with the fix, when it cannot be used.</param>
    public IReadOnlyList<T> List<T>(Flag flag, Func<string, (T Value, string? Problem)> parse)
    {
        var (value, source) = Raw(flag);
        var list = new List<T>();
        foreach (var text in value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (entry, problem) = parse(text);
            list.Add(problem is null ? entry : throw new OptionsException($"{source}: \"{text}\": {problem}"));
        }

        return list;
    }

    /// <summary>Null when it is empty.</summary>
    public IPEndPoint? Nameserver(Flag flag)
    {
        var (value, source) = Raw(flag);
        return value.Length == 0 ? null : Nameservers.Parse(value)
            ?? throw new OptionsException(
                $"{source}: \"{value}\" is not the address of a nameserver; write it like 10.96.0.10, 10.96.0.10:53 or [2001:db8::53]:53.");
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
