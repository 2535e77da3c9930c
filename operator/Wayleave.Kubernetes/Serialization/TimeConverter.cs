using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Wayleave.Kubernetes.Serialization;

/// <summary>The API's <c>Time</c>: RFC 3339 in UTC and whole seconds. Custom resources keep a time just as it was written.</summary>
public sealed class TimeConverter : JsonConverter<DateTimeOffset?>
{
    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? null : reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
    {
        if (value is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStringValue(value.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
    }
}
