using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using k8s.Models;

namespace Wayleave.Kubernetes.Models;

/// <summary>
/// A port by number or by name. The client library's <see cref="IntOrString"/> is an object without value equality and cannot tell
/// <c>8080</c> from <c>"8080"</c>; this can, and costs no object of its own in a cache.
/// </summary>
[JsonConverter(typeof(PortNumberOrNameConverter))]
public readonly record struct PortNumberOrName
{
    public PortNumberOrName(int number) => Number = number;

    public PortNumberOrName(string text) => Text = text;

    /// <summary>0 when a name was given.</summary>
    public int Number { get; }

    /// <summary>The name; null when a number was given.</summary>
    public string? Text { get; }

    public static implicit operator PortNumberOrName(int number) => new(number);

    public static implicit operator PortNumberOrName(string text) => new(text);

    public static implicit operator PortNumberOrName(IntOrString? port) =>
        port is null ? default
        : int.TryParse(port.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : port.Value;

    public static implicit operator IntOrString(PortNumberOrName port) => port.ToString();

    public override string ToString() => Text ?? Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// Reads a JSON number or string. A number that is not an <see cref="int"/> is read as the text that it was written as: one such object
/// must not keep a whole list from being read.
/// </summary>
public sealed class PortNumberOrNameConverter : JsonConverter<PortNumberOrName>
{
    public override PortNumberOrName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType != JsonTokenType.Number ? new PortNumberOrName(reader.GetString() ?? "")
        : reader.TryGetInt32(out var number) ? new PortNumberOrName(number)
        : new PortNumberOrName(Encoding.UTF8.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan));

    public override void Write(Utf8JsonWriter writer, PortNumberOrName value, JsonSerializerOptions options)
    {
        if (value.Text is null)
        {
            writer.WriteNumberValue(value.Number);
        }
        else
        {
            writer.WriteStringValue(value.Text);
        }
    }
}
