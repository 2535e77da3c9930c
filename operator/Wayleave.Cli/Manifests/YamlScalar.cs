using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Wayleave.Cli.Manifests;

/// <summary>
/// Reads scalars as kubectl does, which reads YAML 1.1: <c>yes</c> is a boolean, <c>010</c> is 8, and <c>1_000</c> is a number.
/// </summary>
internal static partial class YamlScalar
{
    private const string TextTag = "tag:yaml.org,2002:str";

    /// <summary>The value as JSON; null for a null.</summary>
    public static JsonValue? Read(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        return scalar.Style != ScalarStyle.Plain || (!scalar.Tag.IsEmpty && scalar.Tag.Value == TextTag)
            ? JsonValue.Create(text)
            : ReadPlain(text);
    }

    private static JsonValue? ReadPlain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" or "y" or "Y" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => JsonValue.Create(true),
        "false" or "False" or "FALSE" or "n" or "N" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => JsonValue.Create(false),
        _ => ReadNumber(text.Replace("_", "", StringComparison.Ordinal), text) ?? JsonValue.Create(text),
    };

    // Null for what is no number. Underscores may separate digits, but not begin a number.
    private static JsonValue? ReadNumber(string digits, string text)
    {
        if (text[0] == '_')
        {
            return null;
        }

        if (Integer().Match(digits) is { Success: true } integer)
        {
            var value = ReadDigits(integer.Groups["digits"].Value, RadixOf(integer.Groups["prefix"].Value));
            value = integer.Groups["sign"].Value == "-" ? -value : value;
            if (value >= long.MinValue && value <= ulong.MaxValue)
            {
                return value <= long.MaxValue ? JsonValue.Create((long)value) : JsonValue.Create((ulong)value);
            }
        }

        return Float().IsMatch(digits)
            && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? JsonValue.Create(number)
                : null;
    }

    private static int RadixOf(string prefix) => prefix switch
    {
        "0x" or "0X" => 16,
        "0b" or "0B" => 2,
        "" => 10,
        _ => 8,
    };

    private static BigInteger ReadDigits(string digits, int radix) =>
        digits.Aggregate(BigInteger.Zero, (value, digit) => (value * radix) + Convert.ToInt32(digit.ToString(), 16));

    [GeneratedRegex(
        @"^(?<sign>[-+]?)((?<prefix>0[xX])(?<digits>[0-9a-fA-F]{1,32})|(?<prefix>0[bB])(?<digits>[01]{1,64})|(?<prefix>0[oO]?)(?<digits>[0-7]{1,32})|(?<digits>0|[1-9][0-9]{0,31}))\z",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Float();
}
