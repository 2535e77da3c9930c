using System.Collections.Immutable;
using System.Net;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Wayleave.Api;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Mapper.Configuration;
using Wayleave.Mapper.Hosting;
using Wayleave.Mapper.Metrics;
using Wayleave.Mapper.Observing;
using Wayleave.Mapper.Storage;
using Wayleave.Observation.Resolution;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Mapper.Tests.Storage;

public sealed class ObservedIntentsWriterTests : IDisposable
{
    private readonly FakeCluster _cluster = new(MapperApiClients.Registry.Add<V1Namespace>(EntityScope.Cluster), MapperApiClients.Name);
    private readonly RecordedClient _client;
    private readonly ManualTimeProvider _time = new();
    private readonly FakeMeters _meters = new();
    private readonly MapState _state;
    private readonly ObservedIntentsWriter _writer;
    private ulong _sequence;
    private int _pods;

    public ObservedIntentsWriterTests()
    {
        _client = new RecordedClient(_cluster);
        _state = new MapState(
            MapperOptions.Read(new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal)), _time);
        _writer = new ObservedIntentsWriter(
            _client, _state, new MapMetrics(_meters, _state), _time, NullLogger<ObservedIntentsWriter>.Instance);
        _cluster.User.Put(new V1Namespace { Metadata = new V1ObjectMeta { Name = "shop" } });
        _state.Start([]);
    }

    public void Dispose() => _meters.Dispose();

    [Fact]
    public async Task Stores_a_call_and_not_again_before_it_changes()
    {
        Call("checkout", "cart");
        await WriteAsync();
        await WriteAsync();

        var stored = _cluster.List<ObservedIntents>().ShouldHaveSingleItem();
        stored.Metadata.Name.ShouldBe("pod-checkout");
        stored.Calls.ShouldHaveSingleItem().Target.Kubernetes!.Name.ShouldBe("cart");
        _client.Writes.ShouldBe(["apply ObservedIntents shop/pod-checkout"]);
        _meters["wayleave_map_writes_total{outcome=applied}"].ShouldBe(1);
    }

    [Fact]
    public async Task Writes_at_most_ten_objects_at_a_time()
    {
        for (var number = 0; number < 25; number++)
        {
            Call($"client-{number}", "cart");
        }

        await _writer.WriteDueAsync(default);
        _client.Writes.Count.ShouldBe(10);
        await _writer.WriteDueAsync(default);
        await _writer.WriteDueAsync(default);
        _client.Writes.Distinct(StringComparer.Ordinal).Count().ShouldBe(25);
    }

    [Fact]
    public async Task Forgets_the_calls_of_an_object_that_somebody_deleted_unseen()
    {
        Call("checkout", "cart");
        await WriteAsync();
        _cluster.User.Delete<ObservedIntents>("shop", "pod-checkout");

        Call("checkout", "orders");
        await WriteAsync();
        _cluster.List<ObservedIntents>().ShouldBeEmpty();
        _state.CallCount.ShouldBe(0);

        Call("checkout", "payments");
        await WriteAsync();
        _cluster.List<ObservedIntents>().ShouldHaveSingleItem().Calls.ShouldHaveSingleItem().Target.Kubernetes!.Name.ShouldBe("payments");
    }

    [Fact]
    public async Task Forgets_the_calls_of_a_namespace_that_is_gone()
    {
        Call("checkout", "cart");
        await WriteAsync();
        _cluster.User.EraseNamespace("shop");

        Call("billing", "cart");
        await WriteAsync();

        _state.WorkloadCount.ShouldBe(1);
        _meters["wayleave_map_writes_total{outcome=forgotten}"].ShouldBe(1);
    }

    [Fact]
    public async Task Deletes_an_object_whose_calls_have_all_expired()
    {
        Call("checkout", "cart");
        await WriteAsync();

        _time.Advance(TimeSpan.FromDays(31));
        _state.Sweep();
        await _writer.WriteDueAsync(default);

        _cluster.List<ObservedIntents>().ShouldBeEmpty();
        _meters["wayleave_map_writes_total{outcome=deleted}"].ShouldBe(1);
    }

    [Fact]
    public async Task Says_that_the_API_server_asks_for_fewer_requests_and_writes_later()
    {
        Call("checkout", "cart");
        _client.BeforeWrite = _ => throw ApiErrors.Create(new V1Status { Message = "slow down" }, HttpStatusCode.TooManyRequests);
        (await _writer.WriteDueAsync(default)).ShouldBeTrue();

        _client.BeforeWrite = null;
        _time.Advance(TimeSpan.FromSeconds(2));
        (await _writer.WriteDueAsync(default)).ShouldBeFalse();
        _cluster.List<ObservedIntents>().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Keeps_a_call_that_cannot_be_stored_while_the_API_server_is_away()
    {
        Call("checkout", "cart");
        _client.BeforeWrite = _ => throw new HttpRequestException("away");
        await _writer.WriteDueAsync(default);
        await _writer.WriteDueAsync(default);
        _meters["wayleave_map_writes_total{outcome=failed}"].ShouldBe(1);

        _client.BeforeWrite = null;
        await WriteAsync();
        _cluster.List<ObservedIntents>().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Reads_back_what_is_stored_and_goes_on_from_there()
    {
        Call("checkout", "cart");
        await WriteAsync();
        _state.Stop();
        (_state.CallCount, _state.Term).ShouldBe((0, null));
        Call("checkout", "ignored");

        _state.Start(await new ObservedIntentsReader(_client, _time, NullLogger<ObservedIntentsReader>.Instance).ReadAllAsync(default));
        Call("checkout", "orders");
        await WriteAsync();

        _cluster.List<ObservedIntents>().ShouldHaveSingleItem().Calls.Select(call => call.Target.Kubernetes!.Name).ShouldBe(["cart", "orders"]);
    }

    // The next write of the same object is due a minute later.
    private async Task WriteAsync()
    {
        _time.Advance(TimeSpan.FromMinutes(2));
        await _writer.WriteDueAsync(default);
    }

    private void Call(string client, string server)
    {
        var (from, to) = (AddPod(client), AddPod(server));
        var flow = new ObservedFlow
        {
            Client = new ObservedClient(from.Uid, [], IsHostNetwork: false),
            CalledAddress = to.Addresses[0],
            CalledPort = 80,
            BackendAddress = to.Addresses[0],
            BackendPort = 80,
            Source = ObservedSources.Tcp,
            Connected = 1,
            First = _time.GetUtcNow(),
            Last = _time.GetUtcNow(),
        };
        _state.TryApply(new ObservedBatch("sensor", ++_sequence, "node-1", [flow], []), _state.Term ?? Guid.Empty).ShouldBe(_state.Term is not null);
    }

    private PodFacts AddPod(string name)
    {
        var number = (byte)(++_pods % 250);
        var pod = new PodFacts
        {
            Uid = Guid.NewGuid(),
            Namespace = "shop",
            Name = name,
            Node = "node-1",
            Addresses = ImmutableArray.Create(new IPAddress([10, 1, (byte)(_pods / 250), number])),
        };
        _state.UpdateCluster((cluster, now) => cluster.SetPod(pod, now));
        return pod;
    }
}
