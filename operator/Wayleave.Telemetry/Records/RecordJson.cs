using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Wayleave.Telemetry.Records;

/// <summary>Writes a record as one line of JSON, with the attributes and values that are sent.</summary>
internal static class RecordJson
{
    public static string Write(UsageRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("name", record.Event.Name);
            json.WriteString("time", record.Time);
            json.WriteStartObject("attributes");
            foreach (var (attribute, value) in record.Attributes)
            {
                Write(json, attribute.Key, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, string key, AttributeValue value)
    {
        switch (value.Raw)
        {
            case long number:
                json.WriteNumber(key, number);
                break;
            case bool flag:
                json.WriteBoolean(key, flag);
                break;
            default:
                json.WriteString(key, value.ToString());
                break;
        }
    }
}
