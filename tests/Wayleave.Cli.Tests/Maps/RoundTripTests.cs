using System.Globalization;
using System.Text.Json;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Cli.Manifests;
using Wayleave.Cli.Maps;
using Wayleave.Kubernetes.Models;
using Wayleave.Observation.Proposals;

namespace Wayleave.Cli.Tests.Maps;

/// <summary>
/// Random maps, as the schema of ObservedIntents allows them. Every export is valid by the code of <c>intents validate</c>, and declares
/// everything that was seen, but for what the operator refuses as a target, which is said.
/// </summary>
public sealed class RoundTripTests
{
    private const int Maps = 400;

    private static readonly string[] _namespaces = ["shop", "data", "a"];
    private static readonly string[] _names = ["cart", "orders", "a.b", "x", new string('n', 253), "db-0"];
    private static readonly string[] _kinds = ["Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job", "ReplicaSet", "Pod"];

    private static readonly string[] _domains =
    [
        "api.example.com", "*.example.org", "localhost", "1.2.3.4", $"{new string('l', 64)}.example.com", "xn--bcher-kva.example", "true",
    ];

    private static readonly string[] _addresses =
        ["203.0.113.7", "203.0.113.5/24", "203.0.113.0/24", "2001:db8::1", "2001:db8::/32", "::ffff:203.0.113.7", "0.0.0.0/0", "10.0.0.1/32"];

    [Fact]
    public void Every_export_is_valid_and_declares_what_was_seen()
    {
        var (targets, leftOut) = (0, 0);
        for (var seed = 0; seed < Maps; seed++)
        {
            var map = SeenMap.Read(CreateMap(new Random(seed)));
            var proposals = new ProposalBuilder(map, []).Build(CallFilter.Everything);
            var applied = Apply(proposals, seed);

            CheckNothingIsMissing(map, applied, proposals, seed);
            targets += proposals.Sum(proposal => proposal.Targets.Count);
            leftOut += proposals.Sum(proposal => proposal.LeftOut.Count);
        }

        targets.ShouldBeGreaterThan(Maps * 5);
        leftOut.ShouldBeGreaterThan(Maps / 4);
    }

    [Fact]
    public void A_merge_adds_what_is_missing_and_keeps_the_rest()
    {
        for (var seed = 0; seed < Maps; seed++)
        {
            var random = new Random(seed);
            var objects = CreateMap(random);
            var some = SeenMap.Read(objects.Select(one => new ObservedIntents
            {
                Metadata = one.Metadata,
                Workload = one.Workload,
                Calls = [.. one.Calls.Where(_ => random.Next(2) == 0)],
            }));
            var map = SeenMap.Read(objects);
            var existing = Apply(new ProposalBuilder(some, []).Build(CallFilter.Everything), seed);
            var declared = new DeclarationIndex(existing, MapFacts.None);
            var missing = new ProposalBuilder(map, existing).BuildMissing(CallFilter.Everything, declared);
            var merged = Apply(missing, seed);
            var kept = existing.Where(one => !merged.Exists(other => IsSame(one, other)));

            CheckNothingIsMissing(map, [.. kept, .. merged], missing, seed);
            foreach (var one in existing)
            {
                var before = one.Spec.Targets.Select(Text);
                (merged.Find(other => IsSame(one, other))?.Spec.Targets.Select(Text).Take(one.Spec.Targets.Count) ?? before)
                    .ShouldBe(before, $"seed {seed}");
            }
        }
    }

    [Fact]
    public void The_same_map_gives_the_same_text_in_whatever_order_it_is_read()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var objects = CreateMap(new Random(seed));
            var text = Export(objects);
            foreach (var one in objects)
            {
                one.Calls.Reverse();
            }

            objects.Reverse();
            Export(objects).ShouldBe(text);
        }
    }

    private static string Export(IEnumerable<ObservedIntents> objects) =>
        ProposalText.Write(new ProposalBuilder(SeenMap.Read(objects), []).Build(CallFilter.Everything).Where(one => one.Targets.Count > 0));

    // As YAML through validation, as a person would.
    private static List<ClientIntents> Apply(IReadOnlyList<Proposal> proposals, int seed)
    {
        var applied = new List<ClientIntents>();
        foreach (var proposal in proposals.Where(proposal => proposal.Targets.Count > 0))
        {
            var document = ManifestReader.Read("export", ProposalText.Write(proposal)).ShouldHaveSingleItem();
            ManifestValidator.Validate(document).Where(finding => finding.IsError).ShouldBeEmpty($"seed {seed}");
            applied.Add(document.Read<ClientIntents>());
        }

        applied.Select(one => (one.Metadata.NamespaceProperty, one.Metadata.Name)).ShouldBeUnique();
        return applied;
    }

    private static void CheckNothingIsMissing(SeenMap map, IReadOnlyList<ClientIntents> applied, IReadOnlyList<Proposal> proposals, int seed)
    {
        var refused = proposals.SelectMany(proposal => proposal.LeftOut).Select(one => one.Call).ToHashSet();
        MapComparison.Compare(map, new DeclarationIndex(applied, MapFacts.None), CallFilter.Everything)
            .SelectMany(difference => difference.Undeclared)
            .Where(call => !refused.Contains(call))
            .Select(call => $"{call.Client} {call.TargetName} {call.PortText}")
            .ShouldBeEmpty($"seed {seed}");
    }

    private static bool IsSame(ClientIntents one, ClientIntents other) =>
        one.Metadata.Name == other.Metadata.Name && one.Metadata.NamespaceProperty == other.Metadata.NamespaceProperty;

    private static string Text(IntentTarget target) => JsonSerializer.Serialize(target, ApiJson.Default.IntentTarget);

    private static List<ObservedIntents> CreateMap(Random random)
    {
        var objects = new Dictionary<string, ObservedIntents>(StringComparer.Ordinal);
        for (var count = random.Next(1, 6); count > 0; count--)
        {
            var (@namespace, kind, name) = (Pick(random, _namespaces), Pick(random, _kinds), Pick(random, _names));
            objects[$"{@namespace} {kind} {name}"] = new ObservedIntents
            {
                Metadata = new V1ObjectMeta { Name = $"n{count}", NamespaceProperty = @namespace },
                Workload = new ObservedWorkload { Name = name, Kind = kind },
                Since = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
                Calls = [.. Enumerable.Range(0, random.Next(0, 9)).Select(_ => CreateCall(random)).DistinctBy(call => Text(call.Target))],
            };
        }

        return [.. objects.Values];
    }

    private static ObservedCall CreateCall(Random random) => new()
    {
        Target = CreateTarget(random),
        Sources = ["Tcp"],
        Outcome = Pick(random, ["Connected", "Refused", "Unanswered"]),
        Class = random.Next(4) == 0 ? "Infrastructure" : null,
        First = new DateTime(2026, 1, random.Next(1, 9), 0, 0, 0, DateTimeKind.Utc),
        Last = new DateTime(2026, 2, random.Next(1, 9), 0, 0, 0, DateTimeKind.Utc),
        Connections = Pick(random, ["1", "10+", "1000+"]),
        Ambiguous = random.Next(5) == 0 ? true : null,
    };

    private static IntentTarget CreateTarget(Random random)
    {
        var isOutside = random.Next(3) == 0;
        var ports = CreatePorts(random, allowsNames: !isOutside);
        return random.Next(12) == 0 ? new IntentTarget { Kafka = new KafkaTarget { Name = "kafka" } }
            : isOutside && random.Next(2) == 0 ? new IntentTarget { Internet = new InternetTarget { Domains = [Pick(random, _domains)], Ports = ports } }
            : isOutside ? new IntentTarget { Internet = new InternetTarget { Ips = [Pick(random, _addresses)], Ports = ports } }
            : new IntentTarget
            {
                Kubernetes = new KubernetesTarget
                {
                    Name = CreateName(random),
                    Kind = random.Next(4) == 0 ? null : Pick(random, _kinds),
                    Ports = ports,
                },
            };
    }

    // A name with a dot always has its namespace.
    private static string CreateName(Random random)
    {
        var name = Pick(random, _names);
        return name.Contains('.', StringComparison.Ordinal) || random.Next(2) == 0 ? $"{name}.{Pick(random, _namespaces)}" : name;
    }

    private static List<PortNumberOrName>? CreatePorts(Random random, bool allowsNames)
    {
        if (random.Next(6) == 0)
        {
            return null;
        }

        var count = random.Next(20) == 0 ? 100 : random.Next(1, 4);
        return
        [
            .. Enumerable.Range(0, count).Select(_ => random.Next(7) switch
            {
                0 => new PortNumberOrName(string.Create(CultureInfo.InvariantCulture, $"{random.Next(1, 65536)}/UDP")),
                1 => new PortNumberOrName("9000-9010"),
                2 when allowsNames => new PortNumberOrName("http"),
                3 => new PortNumberOrName("8080/TCP"),
                _ => new PortNumberOrName(random.Next(1, 65536)),
            }).Distinct(),
        ];
    }

    private static string Pick(Random random, string[] items) => items[random.Next(items.Length)];
}
