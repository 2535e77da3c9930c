using Wayleave.Api;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Tests.Meaning.Steps;

namespace Wayleave.Operator.Tests.Meaning.Generating;

/// <summary>Makes declarations: of what is there, of what is not, of what two could mean, and in words that mean nothing yet.</summary>
internal sealed class DeclarationMaker(Dice dice)
{
    private static readonly string[] _kinds = ["Deployment", "Deployment", "Deployment", "Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job", "ReplicaSet", "Pod"];
    private static readonly (string Range, string? Except)[] _ranges =
        [("203.0.113.0/24", "203.0.113.8/29"), ("198.51.100.7", null), ("10.0.0.0/30", "10.0.0.1"), ("192.0.0.0/3", "198.51.100.0/29")];

    private static readonly int[] _podPorts = [8080, 9090, 80];
    private static readonly int[] _servicePorts = [80, 53, 9100, 7777];

    private readonly Dictionary<IReadOnlyList<string>, string> _places = [];

    public (Edit Put, Edit Delete) Intents()
    {
        var intents = new ClientIntents
        {
            Metadata = Meta("i", 4),
            Spec = new ClientIntentsSpec
            {
                Workload = new WorkloadRef { Name = dice.Name(Names.Workloads), Kind = Kind() },
                Clusters = Clusters(),
                Targets = dice.Many(1, 3, Target),
            },
        };
        return (new PutEdit<ClientIntents>(intents), new DeleteEdit<ClientIntents>(intents.Metadata.NamespaceProperty, intents.Metadata.Name!));
    }

    public (Edit Put, Edit Delete) Protection()
    {
        var protection = new ProtectedService
        {
            Metadata = Meta("p", 2),
            Spec = new ProtectedServiceSpec { Name = dice.Name(Names.Workloads), Kind = Kind(), Clusters = Clusters() },
        };
        return (new PutEdit<ProtectedService>(protection), new DeleteEdit<ProtectedService>(protection.Metadata.NamespaceProperty, protection.Metadata.Name!));
    }

    private IntentTarget Target() => dice.Number(1, 20) switch
    {
        <= 11 => new IntentTarget { Kubernetes = Workload() },
        <= 16 => new IntentTarget { Service = new ServiceTarget { Name = Place(Names.Services), Ports = Ports(_servicePorts) } },
        <= 19 => new IntentTarget { Internet = Internet() },
        _ => new IntentTarget { Kafka = new KafkaTarget { Name = Place(Names.Workloads) } },
    };

    private InternetTarget Internet()
    {
        var (range, except) = dice.Pick(_ranges);
        var leavesOut = except is not null && dice.Chance(50);
        return new InternetTarget { Ips = [range], Except = leavesOut ? [except!] : null, Ports = dice.Chance(50) ? [443] : null };
    }

    private KubernetesTarget Workload() => new()
    {
        Name = Place(Names.Workloads),
        Kind = Kind(),
        Ports = Ports(_podPorts),
        Http = dice.Chance(10) ? [new HttpResource { Path = "/", Methods = ["GET"] }] : null,
    };

    // Often the place of the time before, since what meets at one server is what has to be put together.
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

    private List<int>? Ports(int[] from) => dice.Chance(40) ? null : dice.Some(from, 45);

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
