using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Events;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.EndToEnd.Tests.Kubernetes;

/// <summary>A real API server accepts the Events that the recorder sends.</summary>
[Collection(LayerCollection.Name)]
public sealed class EventRecorderTests(LayerCluster cluster)
{
    [Fact]
    public async Task The_API_server_accepts_an_Event_series_with_the_longest_note_and_names()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        var made = await cluster.Client.Kubernetes.CreateAsync(Given.Widget(@namespace, new string('w', 200)), default);
        using var client = await cluster.ConnectAsync();
        var recorder = new EventRecorder(
            client.Kubernetes, new EventSource("layer.test/tests", new string('p', 200)), client.Metrics, TimeProvider.System, NullLogger<EventRecorder>.Instance);
        using var stop = new CancellationTokenSource();
        var run = recorder.RunAsync(stop.Token);
        var regarding = new V1ObjectReference
        {
            ApiVersion = "layer.test/v1",
            Kind = "Widget",
            Name = made.Metadata.Name,
            NamespaceProperty = @namespace,
            Uid = made.Metadata.Uid,
        };

        for (var times = 0; times < 3; times++)
        {
            recorder.Record(regarding, "Warning", "Tested", "Test", string.Concat(Enumerable.Repeat("größe€😀", 500)));
        }

        var recorded = await Poll.UntilAsync(
            "one event that happened three times",
            async token => (await client.Kubernetes.ListAsync<Eventsv1Event>(new ListOptions { Namespace = @namespace }, token)).Items,
            events => events.Count == 1 && events[0].Series?.Count == 3,
            Poll.Patience,
            default);
        (recorded[0].Reason, recorded[0].Regarding!.Uid).ShouldBe(("Tested", made.Metadata.Uid));
        client.Meters["wayleave_events_dropped_total{}"].ShouldBe(0);
        await stop.CancelAsync();
        await run;
    }
}
