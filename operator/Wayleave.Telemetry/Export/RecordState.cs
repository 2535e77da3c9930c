using System.Collections;
using Wayleave.Telemetry.Records;

namespace Wayleave.Telemetry.Export;

/// <summary>A record in the form in which the OpenTelemetry SDK takes a log call's attributes.</summary>
internal sealed class RecordState(UsageRecord record) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public UsageRecord Record => record;

    public int Count => record.Attributes.Length;

    public KeyValuePair<string, object?> this[int index] =>
        new(record.Attributes[index].Attribute.Key, record.Attributes[index].Value.Raw);

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
