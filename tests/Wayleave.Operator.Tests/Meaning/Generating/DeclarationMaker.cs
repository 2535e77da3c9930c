using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Tests.Meaning.Steps;

namespace Wayleave.Operator.Tests.Meaning.Generating;

/// <summary>Makes declarations about servers that exist, are missing or are ambiguous, and with targets that are not supported.</summary>
internal sealed class DeclarationMaker(Dice dice)
{
    private static readonly string[] _kinds = ["Deployment", "Deployment", "Deployment", "Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job", "ReplicaSet", "Pod"];
    private static readonly string[] _ranges = ["203.0.113.0/24", "198.51.100.7", "10.0.0.0/26"];
    private static readonly PortNumberOrName[] _podPorts = [8080, 9090, 80, "http", "dns", "53/UDP", "9000-9010", "9000-9010/UDP", "9090/SCTP", "8000-9100"];
    private static readonly PortNumberOrName[] _servicePorts = [80, 53, 9100, 7777, "53/UDP", "web", "50-90", "9000-9200/TCP"];
    private static readonly PortNumberOrName[] _outerPorts = [443, 443, 443, "443/UDP", "9000-9010", "1-65535"];

    private readonly Dictionary<IReadOnlyList<string>, string> _places = [];
    private readonly List<ClientIntents> _intents = [];
    private readonly List<ProtectedService> _protections = [];

    public (Edit Put, Edit Delete) Intents()
    {
        var intents = new ClientIntents { Metadata = Meta("i", 4), Spec = IntentsSpec() };
        _intents.Add(intents);
        return (new PutEdit<ClientIntents>(intents), new DeleteEdit<ClientIntents>(intents.Metadata.NamespaceProperty, intents.Metadata.Name!));
    }

    public (Edit Put, Edit Delete) Protection()
    {
        var protection = new ProtectedService { Metadata = Meta("p", 2), Spec = ProtectionSpec() };
        _protections.Add(protection);
        return (new PutEdit<ProtectedService>(protection), new DeleteEdit<ProtectedService>(protection.Metadata.NamespaceProperty, protection.Metadata.Name!));
    }

    /// <summary>Makes an earlier declaration invalid. Null if there is none.</summary>
    public Edit? Mistake()
    {
        if (_protections.Count > 0 && dice.Chance(25))
        {
            var protection = dice.Pick(_protections);
            var spec = dice.Chance(50) ? ProtectionSpec() : protection.Spec;
            var broken = new ProtectedServiceSpec { Workload = Empty(spec.Workload), OwnPods = spec.OwnPods, Clusters = spec.Clusters };
            return new MistakeEdit<ProtectedService>(new ProtectedService { Metadata = protection.Metadata, Spec = broken });
        }

        if (_intents.Count == 0)
        {
            return null;
        }

        var intents = dice.Pick(_intents);
        return new MistakeEdit<ClientIntents>(new ClientIntents { Metadata = intents.Metadata, Spec = Broken(dice.Chance(50) ? IntentsSpec() : intents.Spec) });
    }

    private static WorkloadRef Empty(WorkloadRef workload) => new() { Name = workload.Name, Selector = new V1LabelSelector() };

    private ClientIntentsSpec IntentsSpec() => new() { Workload = Workload(), Clusters = Clusters(), Targets = dice.Many(1, 3, Target) };

    private ProtectedServiceSpec ProtectionSpec() => new() { Workload = Workload(), OwnPods = dice.Chance(25) ? dice.Chance(20) : null, Clusters = Clusters() };

    private WorkloadRef Workload() => new() { Name = dice.Name(Names.Workloads), Kind = Kind(), Selector = Selector() };

    private ClientIntentsSpec Broken(ClientIntentsSpec spec) => dice.Number(1, 3) switch
    {
        1 => new ClientIntentsSpec { Workload = Empty(spec.Workload), Clusters = spec.Clusters, Targets = spec.Targets },
        2 => With(spec, new IntentTarget { Kubernetes = new KubernetesTarget { Name = "cart", Ports = ["9010-9000"] } }),
        _ => With(spec, new IntentTarget { Internet = new InternetTarget { Ips = ["198.51.100.7/24"] } }),
    };

    private static ClientIntentsSpec With(ClientIntentsSpec spec, IntentTarget target) =>
        new() { Workload = spec.Workload, Clusters = spec.Clusters, Targets = [.. spec.Targets, target] };

    private IntentTarget Target() => dice.Number(1, 20) switch
    {
        <= 11 => new IntentTarget { Kubernetes = Server() },
        <= 16 => new IntentTarget { Service = new ServiceTarget { Name = Place(Names.Services), Ports = Ports(_servicePorts) } },
        <= 19 => new IntentTarget { Internet = new InternetTarget { Ips = [dice.Pick(_ranges)], Ports = Ports(_outerPorts) } },
        _ => new IntentTarget { Kafka = new KafkaTarget { Name = Place(Names.Workloads) } },
    };

    private KubernetesTarget Server() => new()
    {
        Name = Place(Names.Workloads),
        Kind = Kind(),
        Selector = Selector(),
        Ports = Ports(_podPorts),
        Http = dice.Chance(10) ? [new HttpResource { Path = "/", Methods = ["GET"] }] : null,
    };

    // Often the previous name again, because the rules of several declarations for one server must be combined.
    private string Place(IReadOnlyList<string> names)
    {
        if (!_places.TryGetValue(names, out var place) || dice.Chance(60))
        {
            place = dice.Chance(40) ? dice.Name(names) : $"{dice.Name(names)}.{dice.Name(Names.Namespaces)}";
            _places[names] = place;
        }

        return place;
    }

    private string? Kind() => dice.Chance(25) ? dice.Pick(_kinds) : null;

    private V1LabelSelector? Selector() => dice.Chance(10) ? Labels.SelectorOf(dice, Labels.Make(dice, 1, 2), mayBeEmpty: false) : null;

    private List<PortNumberOrName>? Ports(PortNumberOrName[] from) => dice.Chance(40) ? null : dice.Some(from, 100 / from.Length * 2);

    private ClusterSelection? Clusters() => dice.Number(1, 20) switch
    {
        1 => new ClusterSelection { Names = ["east"] },
        2 => new ClusterSelection { Names = ["local"] },
        3 => new ClusterSelection(),
        4 => new ClusterSelection { Names = ["east", "local"] },
        5 => new ClusterSelection { Selector = new V1LabelSelector() },
        _ => null,
    };

    private V1ObjectMeta Meta(string prefix, int most) => new()
    {
        Name = $"{prefix}{dice.Number(1, most)}",
        NamespaceProperty = dice.Name(Names.Namespaces),
        Finalizers = dice.Chance(10) ? ["example.com/hold"] : null,
    };
}
