using k8s.Models;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Tests.Meaning.Steps;

namespace Wayleave.Operator.Tests.Meaning.Generating;

/// <summary>Makes edits of all objects that policies can depend on. Remembers what it made, to delete some of it later.</summary>
internal sealed class EditMaker(Dice dice)
{
    private static readonly PartialServicePort[] _ports =
    [
        new() { Name = "web", Port = 80, TargetPort = 8080 },
        new() { Port = 80, TargetPort = "http", Protocol = "TCP" },
        new() { Port = 80 },
        new() { Name = "metrics", Port = 9100, TargetPort = "metrics" },
        new() { Port = 53, TargetPort = "dns", Protocol = "UDP" },
        new() { Name = "dns-tcp", Port = 53, TargetPort = "dns" },
        new() { Port = 53, Protocol = "UDP" },
        new() { Port = 443, TargetPort = 9090 },
    ];

    private readonly WorkloadMaker _workloads = new(dice);
    private readonly DeclarationMaker _declarations = new(dice);
    private readonly EnforcementMaker _enforcements = new(dice);
    private readonly ExposureMaker _exposures = new(dice);
    private readonly List<Edit> _deletes = [];

    /// <summary>The namespaces, and a few objects of each other kind.</summary>
    public List<Edit> Beginning() =>
    [
        .. Names.Namespaces.Distinct(StringComparer.Ordinal).Select(Namespace),
        .. _exposures.Nodes(),
        .. _exposures.Beginning().Select(Remember),
        .. dice.Chance(35) ? new StoryMaker(dice).Make().Select(Remember) : [],
        .. dice.Many(3, 8, () => Remember(_workloads.Make())),
        .. dice.Many(0, 3, () => Remember(Service())),
        .. dice.Many(3, 9, () => Remember(_declarations.Intents())),
        .. dice.Many(0, 3, () => Remember(_declarations.Protection())),
        .. dice.Many(0, 2, () => Remember(_enforcements.Make())),
    ];

    public Edit Any() => dice.Number(1, 100) switch
    {
        <= 22 => Remember(_workloads.Make()),
        <= 43 => Remember(_declarations.Intents()),
        <= 51 => Remember(_declarations.Protection()),
        <= 58 => Remember(Service()),
        <= 63 => Remember(_enforcements.Make()),
        <= 69 => Remember(_exposures.Make()),
        <= 73 => Namespace(dice.Name(Names.Namespaces)),
        <= 76 => Remember(ForeignPolicy()),
        <= 80 => new FreeNameEdit(dice.Number(0, 99)),
        _ => dice.Pick(_deletes),
    };

    /// <summary>An edit of a declaration that makes it invalid.</summary>
    public Edit Mistake() => (dice.Chance(15) ? _enforcements.Mistake() : _declarations.Mistake()) ?? Any();

    private Edit Remember((Edit Put, Edit Delete) edits)
    {
        _deletes.Add(edits.Delete);
        return edits.Put;
    }

    // The name label never has the name of another namespace: in Kubernetes, anyone who may label namespaces can allow their Pods anywhere.
    // kube-system, which identifies the cluster, cannot be deleted.
    private Edit Namespace(string name)
    {
        var labels = Labels.Make(dice, 0, 1);
        if (dice.Chance(80))
        {
            labels["kubernetes.io/metadata.name"] = dice.Chance(90) ? name : "another-name";
        }

        var meta = new V1ObjectMeta { Name = name, Labels = labels, Finalizers = ["kubernetes"] };
        var put = new PutEdit<V1Namespace>(new V1Namespace { Metadata = meta });
        return name == "kube-system" ? put : Remember((put, new DeleteEdit<V1Namespace>(null, name)));
    }

    private (Edit Put, Edit Delete) Service()
    {
        var meta = new V1ObjectMeta { Name = dice.Name(Names.Services), NamespaceProperty = dice.Name(Names.Namespaces) };
        var spec = new PartialServiceSpec
        {
            Type = dice.Number(1, 100) switch { <= 8 => "ExternalName", <= 16 => "LoadBalancer", <= 24 => "NodePort", _ => null },
            ExternalIPs = dice.Chance(5) ? ["203.0.113.80"] : null,
            ClusterIP = dice.Chance(20) ? "None" : null,
            Selector = dice.Chance(85) ? Labels.Make(dice, dice.Chance(90) ? 1 : 0, 2) : null,
            Ports = dice.Some(_ports, 30),
        };
        return (new PutEdit<PartialService>(new PartialService { Metadata = meta, Spec = spec }), new DeleteEdit<PartialService>(meta.NamespaceProperty, meta.Name));
    }

    private (Edit Put, Edit Delete) ForeignPolicy()
    {
        var name = $"wayleave-{dice.Pick(["deployment", "deployment", "deployment", "statefulset", "pod"])}-{dice.Name(Names.Workloads)}-{dice.Pick(["ingress", "ingress", "egress"])}";
        var policy = Foreign.Policy(dice.Name(Names.Namespaces), name);
        return (new PutEdit<V1NetworkPolicy>(policy), new DeleteEdit<V1NetworkPolicy>(policy.Metadata.NamespaceProperty, name));
    }
}
