using System.Globalization;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Wayleave.Api;
using Wayleave.Observation.Maps;
using Wayleave.Observation.Resolution;
using Wayleave.Observation.Tests.Support;

namespace Wayleave.Observation.Tests.Maps;

/// <summary>
/// The map against a simple model, which merges all flows at once: batches come twice and out of order, objects are written at any time,
/// and the mapper is killed and reads them back. After a kill the sensors send again what they remember.
/// </summary>
public sealed class MapModelTests
{
    private const int Pods = 6;
    private static readonly string[] _outside = ["203.0.113.1", "203.0.113.2"];

    private static Gen<ObservedFlow> Flows { get; } =
        from client in Gen.Choose(0, Pods - 1)
        from server in Gen.Choose(0, Pods + 1)
        from port in Gen.Elements(80, 443, 8080)
        from connected in Gen.Choose(0, 12)
        from refused in Gen.Choose(0, 2)
        from minute in Gen.Choose(0, 300)
        from scan in Gen.Elements(true, false, false)
        select new ObservedFlow
        {
            Client = new ObservedClient(UidOf(client), [], IsHostNetwork: false),
            CalledAddress = AddressOf(server),
            CalledPort = port,
            BackendAddress = connected + refused > 0 ? AddressOf(server) : null,
            BackendPort = port,
            Source = scan && connected > 0 ? ObservedSources.SocketScan : ObservedSources.Tcp,
            Connected = connected,
            Refused = refused,
            Unanswered = connected + refused == 0 ? 1 : 0,
            First = Shop.Start.AddMinutes(minute),
            Last = Shop.Start.AddMinutes(minute).AddSeconds(7),
        };

    private static Gen<Story> Stories { get; } =
        from sizes in Gen.ListOf(Gen.Choose(1, 5))
        from flows in Gen.ListOf(Flows, Math.Max(1, sizes.Sum()))
        from order in Gen.ListOf(Gen.Choose(0, Math.Max(0, sizes.Count - 1)), sizes.Count * 2)
        from kills in Gen.ListOf(Gen.Choose(0, Math.Max(1, sizes.Count * 3)))
        from writes in Gen.ListOf(Gen.Choose(0, Math.Max(1, sizes.Count * 3)))
        select new Story(Split(sizes, flows), [.. order], [.. kills.Take(2)], [.. writes]);

    [Fact]
    public void Equals_the_model_whatever_the_order_and_the_copies() =>
        Prop.ForAll(Arb.From(Stories), story => Check(story with { Kills = [] }, isExact: true)).QuickCheckThrowOnFailure();

    [Fact]
    public void Equals_the_model_after_kills() =>
        Prop.ForAll(Arb.From(Stories), story => Check(story, isExact: false)).QuickCheckThrowOnFailure();

    private static void Check(Story story, bool isExact)
    {
        var mapper = new KillableMapper { IsExact = isExact };
        var step = 0;
        foreach (var batch in story.Order.Select(index => story.Batches.ElementAtOrDefault(index)).OfType<ObservedBatch>().Concat(story.Batches))
        {
            if (story.Kills.Contains(step))
            {
                mapper.Kill();
            }

            if (story.Writes.Contains(step))
            {
                mapper.Write();
            }

            mapper.Apply(batch);
            step++;
        }

        // The sensors resend after the last kill what they remember: everything.
        if (story.Kills.Count > 0)
        {
            story.Batches.ForEach(mapper.Apply);
        }

        mapper.Read().ShouldBe(Model(story.Batches, isExact), story.ToString());
    }

    // One line a call. The bucket of connections is left out where a kill may have lost or doubled some.
    private static string[] Model(IEnumerable<ObservedBatch> batches, bool isExact) =>
    [
        .. batches.SelectMany(batch => batch.Flows)
            .GroupBy(flow => (Client: flow.Client.PodUid, flow.CalledAddress))
            .SelectMany(flows => RowsOf(flows.Key.Client!.Value, flows.Key.CalledAddress, [.. flows], isExact))
            .Order(StringComparer.Ordinal),
    ];

    // A port has its best outcome, and ports of one outcome are one call.
    private static IEnumerable<string> RowsOf(Guid client, IPAddress server, List<ObservedFlow> flows, bool isExact) => flows
        .GroupBy(flow => flow.CalledPort)
        .GroupBy(OutcomeOf, port => port.Key)
        .Select(ports => string.Join(' ',
            $"deployment-w{NumberOf(client)}",
            NameOf(server),
            string.Join(',', ports.Order()),
            string.Join(',', flows.Select(flow => flow.Source).Distinct().Order(StringComparer.Ordinal)),
            ports.Key,
            Text(flows.Min(flow => flow.First)),
            Text(LastOf(flows)),
            isExact ? ConnectionBuckets.Format(ConnectionsOf(ports.Key, flows)) : ""));

    private static DateTimeOffset LastOf(List<ObservedFlow> flows)
    {
        var (first, hour) = (flows.Min(flow => flow.First), CallState.ToHour(flows.Max(flow => flow.Last)));
        return hour > first ? hour : first;
    }

    private static string OutcomeOf(IEnumerable<ObservedFlow> flows) =>
        flows.Any(flow => flow.Connected > 0) ? ObservedOutcomes.Connected
        : flows.Any(flow => flow.Refused > 0) ? ObservedOutcomes.Refused
        : ObservedOutcomes.Unanswered;

    private static long ConnectionsOf(string outcome, List<ObservedFlow> flows)
    {
        List<ObservedFlow> seen = [.. flows.Where(flow => flow.Source == ObservedSources.Tcp)];
        return outcome switch
        {
            ObservedOutcomes.Connected => Math.Max(
                seen.Sum(flow => flow.Connected),
                flows.Except(seen).Select(flow => flow.Connected).DefaultIfEmpty().Max()),
            ObservedOutcomes.Refused => seen.Sum(flow => flow.Refused),
            _ => seen.Sum(flow => flow.Unanswered),
        };
    }

    private static List<ObservedBatch> Split(IReadOnlyList<int> sizes, IReadOnlyList<ObservedFlow> flows)
    {
        List<ObservedBatch> batches = [];
        var start = 0;
        foreach (var size in sizes)
        {
            batches.Add(new ObservedBatch("sensor", (ulong)batches.Count + 1, Shop.Node, [.. flows.Skip(start).Take(size)], []));
            start += size;
        }

        return batches;
    }

    private static Guid UidOf(int number) => new(number + 1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    private static int NumberOf(Guid uid) => BitConverter.ToInt32(uid.ToByteArray()) - 1;

    private static IPAddress AddressOf(int number) => IPAddress.Parse(number < Pods ? $"10.1.0.{number + 1}" : _outside[number - Pods]);

    private static string NameOf(IPAddress address) =>
        _outside.Contains(address.ToString()) ? $"{address}/32" : $"w{address.GetAddressBytes()[3] - 1}";

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("s", CultureInfo.InvariantCulture);

    private sealed record Story(List<ObservedBatch> Batches, List<int> Order, List<int> Kills, List<int> Writes)
    {
        public override string ToString() =>
            $"{Batches.Count} batches, order {string.Join(',', Order)}, kills {string.Join(',', Kills)}, writes {string.Join(',', Writes)}";
    }

    /// <summary>A mapper whose objects survive it.</summary>
    private sealed class KillableMapper
    {
        private readonly Dictionary<ObjectKey, ObservedIntents> _stored = [];
        private Shop _shop = Start();
        private DateTimeOffset _now = Shop.Start.AddHours(6);

        public void Apply(ObservedBatch batch)
        {
            _now = _now.AddMinutes(2);
            _shop.Processor.Apply(batch, _now);
            _shop.Processor.Retry(_now.AddMinutes(1));
        }

        public void Write()
        {
            foreach (var write in _shop.Map.FindDue(_now, 3))
            {
                write.Object!.Metadata.Uid = write.Uid ?? Guid.NewGuid().ToString();
                _stored[write.Key] = write.Object;
                _shop.Map.MarkWritten(write, write.Object.Metadata.Uid, _now);
            }
        }

        public void Kill()
        {
            _shop = Start();
            foreach (var stored in _stored.Values)
            {
                _shop.Map.Restore(stored);
            }
        }

        public string[] Read()
        {
            while (true)
            {
                _now = _now.AddHours(2);
                if (_shop.Map.FindDue(_now, 1).Count == 0)
                {
                    break;
                }

                Write();
            }

            return [.. _stored.SelectMany(stored => stored.Value.Calls.Select(call => Describe(stored.Key.Name, call))).Order(StringComparer.Ordinal)];
        }

        public bool IsExact { get; init; } = true;

        private static Shop Start()
        {
            var shop = new Shop();
            for (var number = 0; number < Pods; number++)
            {
                var set = $"set-{number}";
                shop.Cluster.SetOwner(set, new OwnerFacts(new ControllerReference("apps/v1", "Deployment", $"w{number}", "u")));
                shop.Cluster.SetPod(
                    new PodFacts
                    {
                        Uid = UidOf(number),
                        Namespace = "shop",
                        Name = $"w{number}-x",
                        Node = Shop.Node,
                        Addresses = [AddressOf(number)],
                        StartedAt = Shop.Start,
                        Controller = new ControllerReference("apps/v1", "ReplicaSet", set, set),
                    },
                    Shop.Start);
            }

            return shop;
        }

        private string Describe(string client, ObservedCall call)
        {
            var ports = call.Target.Kubernetes?.Ports ?? call.Target.Internet!.Ports!;
            return string.Join(' ',
                client,
                call.Target.Kubernetes?.Name ?? call.Target.Internet!.Ips![0],
                string.Join(',', ports.Select(port => port.Number)),
                string.Join(',', call.Sources),
                call.Outcome,
                Text(new DateTimeOffset(call.First)),
                Text(new DateTimeOffset(call.Last)),
                IsExact ? call.Connections : "");
        }
    }
}
