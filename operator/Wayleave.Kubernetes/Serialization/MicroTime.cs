using System.Text.Json;
using System.Text.Json.Serialization;
using k8s;

namespace Wayleave.Kubernetes.Serialization;

/// <summary>
/// Makes values of the API's <c>MicroTime</c>. The API server requires six fractional digits, and <see cref="TimeConverter"/> writes none
/// for a whole second.
/// </summary>
internal static class MicroTime
{
    /// <summary>The current time in microseconds, never a whole second.</summary>
    public static DateTime Now(TimeProvider time)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var micros = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        return micros.Ticks % TimeSpan.TicksPerSecond == 0 ? micros.AddTicks(TimeSpan.TicksPerMicrosecond) : micros;
    }
}

/// <summary>
/// Writes times as the client library does, with no or six fractional digits: the default converter drops trailing zeros, and the API
/// server rejects a <c>MicroTime</c> with fewer than six. Reads them without the strings that the library's converter allocates.
/// </summary>
internal sealed class TimeConverter : JsonConverter<DateTime>
{
    private static readonly KubernetesJson.KubernetesDateTimeConverter _library = new();

    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTime().ToUniversalTime();

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        _library.Write(writer, value, options);
}
