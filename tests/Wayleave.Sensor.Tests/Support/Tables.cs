using Wayleave.Sensor.Dns;
using Wayleave.Sensor.Flows;

namespace Wayleave.Sensor.Tests.Support;

/// <summary>Collects what tables would report, as text.</summary>
internal static class Tables
{
    /// <summary>Such as <c>10.0.0.9:80 -> 10.0.1.2:8080 connected 1, refused 0, unanswered 0</c>.</summary>
    public static IReadOnlyList<string> Report(this FlowTable flows, long nowMs = 0)
    {
        var lines = new List<string>();
        flows.Collect(nowMs, int.MaxValue, (key, state) => lines.Add(
            $"{key.Called} -> {(key.Backend.Address.IsEmpty ? "?" : key.Backend)} connected {state.Connected}, refused {state.Refused}, unanswered {state.Unanswered}"));
        return lines;
    }

    /// <summary>Such as <c>api.example.com 192.0.2.1 192.0.2.2</c>.</summary>
    public static IReadOnlyList<string> Report(this NameTable names, long nowMs = 0)
    {
        var lines = new List<string>();
        names.Collect(nowMs, int.MaxValue, (key, state) => lines.Add($"{key.Name} {string.Join(' ', state.Addresses.ToArray())}"));
        return lines;
    }
}
