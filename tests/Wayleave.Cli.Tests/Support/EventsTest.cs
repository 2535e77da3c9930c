using System.Globalization;
using System.Text.Json;
using Wayleave.EventStore.Events;

namespace Wayleave.Cli.Tests.Support;

/// <summary>An operator with an event store, and its Pods.</summary>
public abstract class EventsTest : CliTest
{
    private const string Args = "--egress=false]";
    internal const string StoreIsOn = "--event-store-dir=/var/lib/wayleave";
    internal const string HasPort = "--event-port=8443";

    internal void GivenOperator(params IReadOnlyList<string> options)
    {
        Apply(Shop.Namespace("wayleave-system"));
        Apply(Shop.Operator.Replace(Args, $"{string.Join(", ", options.Prepend("--egress=false"))}]", StringComparison.Ordinal));
    }

    /// <summary>The operator with these Pods, each with an event store.</summary>
    internal void GivenStores(params IReadOnlyList<FakeEventStore> stores)
    {
        GivenOperator(StoreIsOn, HasPort);
        for (var number = 0; number < stores.Count; number++)
        {
            var name = $"wayleave-operator-{number}";
            GivenPod(name);
            Connection.EventStores[name] = stores[number];
        }
    }

    internal void GivenPod(string name, string phase = "Running") => Apply(
        $$$"""
        apiVersion: v1
        kind: Pod
        metadata:
          name: {{{name}}}
          namespace: wayleave-system
          labels: {app.kubernetes.io/name: wayleave, app.kubernetes.io/component: operator}
        status: {phase: {{{phase}}}}
        """);

    /// <summary>An event of a payload.</summary>
    /// <param name="minute">Of the hour before the tests' time. Part of the ID too.</param>
    internal static OperatorEvent Event(int minute, EventPayload payload, params IReadOnlyList<string> subjects) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"evt_019b{minute:d28}"),
        Type = EventCatalog.Get(payload).Name,
        Time = new DateTimeOffset(2026, 1, 1, 4, minute, 7, 250, TimeSpan.Zero),
        Run = string.Create(CultureInfo.InvariantCulture, $"{minute:x2}af7651916cd43dd8448eb211c80319"),
        Session = "wayleave-operator-0/4",
        Subjects = subjects,
        Component = "operator",
        Provenance = EventProvenance.Direct,
        Payload = JsonSerializer.SerializeToElement(payload, EventCatalog.Get(payload).Json),
    };

    /// <summary>Events about which only their order matters.</summary>
    internal static OperatorEvent[] Simple(params IReadOnlyList<int> minutes) => [.. minutes.Select(minute => Event(minute, new LeadershipGained()))];

    internal Task<CliResult> ListAsync(params IReadOnlyList<string> options) => RunAsync(["events", "list", .. options]);

    /// <summary>The minutes of the events that were printed.</summary>
    internal static IEnumerable<int> Minutes(CliResult result) => result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Skip(1).Select(line => int.Parse(line.AsSpan(14, 2), CultureInfo.InvariantCulture));
}
