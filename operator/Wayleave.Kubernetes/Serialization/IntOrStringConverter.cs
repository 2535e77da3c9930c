using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Kubernetes.Serialization;

/// <summary>
/// Reads and writes <see cref="IntOrString"/> as a JSON number or string. One object with a number that is none must not keep a whole list
/// from being read, so such a number is read as the text that it was written as.
/// </summary>
public sealed class IntOrStringConverter : JsonConverter<IntOrString>
{
    public override IntOrString Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType != JsonTokenType.Number ? new IntOrString(reader.GetString() ?? "")
        : reader.TryGetInt32(out var number) ? new IntOrString(number)
        : new IntOrString(Encoding.UTF8.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan));

    public override void Write(Utf8JsonWriter writer, IntOrString value, JsonSerializerOptions options)
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
