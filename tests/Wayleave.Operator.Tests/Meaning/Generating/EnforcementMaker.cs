using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Tests.Meaning.Steps;

namespace Wayleave.Operator.Tests.Meaning.Generating;

/// <summary>Makes EnforcementPolicies that overlap.</summary>
internal sealed class EnforcementMaker(Dice dice)
{
    private static readonly string[] _modes = [EnforcementModeNames.Enforce, EnforcementModeNames.Enforce, EnforcementModeNames.Enforce, EnforcementModeNames.Shadow, EnforcementModeNames.Disabled];
    private static readonly PortNumberOrName[] _ports = [8080, 9100, "http", "53/UDP", "9000-9010"];
    private static readonly AllowedAddresses[] _blocks =
    [
        new() { Cidr = "172.16.0.0/24" },
        new() { Cidr = "10.0.0.0/24", Except = ["10.0.0.0/26", "10.0.0.128/25"] },
        new() { Cidr = "0.0.0.0/0", Except = ["10.0.0.0/23"] },
        new() { Cidr = "2001:db8::/32" },
    ];

    private readonly List<EnforcementPolicy> _policies = [];

    public (Edit Put, Edit Delete) Make()
    {
        var meta = new V1ObjectMeta { Name = $"e{dice.Number(1, 3)}", Finalizers = dice.Chance(10) ? ["example.com/hold"] : null };
        var policy = new EnforcementPolicy { Metadata = meta, Spec = Spec() };
        _policies.Add(policy);
        return (new PutEdit<EnforcementPolicy>(policy), new DeleteEdit<EnforcementPolicy>(null, policy.Metadata.Name!));
    }

    /// <summary>Makes an earlier policy invalid. Null if there is none.</summary>
    public Edit? Mistake()
    {
        if (_policies.Count == 0)
        {
            return null;
        }

        var spec = Spec();
        spec.Allow = new AllowedTraffic { From = [new AllowedCaller { Ports = ["9010-9000"] }] };
        return new MistakeEdit<EnforcementPolicy>(new EnforcementPolicy { Metadata = dice.Pick(_policies).Metadata, Spec = spec });
    }

    private EnforcementPolicySpec Spec() => new()
    {
        Priority = dice.Chance(50) ? null : dice.Number(0, 2),
        NamespaceSelector = Namespaces(),
        Mode = dice.Pick(_modes),
        Egress = dice.Chance(65) ? true : null,
        AcceptFrom = dice.Chance(25) ? new AcceptedIntents { NamespaceSelector = Namespaces() } : null,
        Allow = dice.Chance(50) ? null : new AllowedTraffic
        {
            Dns = dice.Chance(50) ? null : dice.Chance(30),
            DnsPorts = dice.Chance(15) ? [dice.Pick<PortNumberOrName>([5353, "9005/UDP", "8000-9100/TCP"])] : null,
            External = dice.Chance(70) ? null : dice.Pick([ExternalModeNames.Never, ExternalModeNames.Never, ExternalModeNames.Auto]),
            IngressControllers = dice.Chance(15) ? dice.Many(1, 2, Controller) : null,
            From = dice.Many(0, 2, Caller),
        },
    };

    private IngressController Controller() => new()
    {
        NamespaceSelector = dice.Chance(50) ? null : Namespaces() ?? new V1LabelSelector(),
        PodSelector = Labels.SelectorOf(dice, Labels.Make(dice, 1, 2)),
    };

    private V1LabelSelector? Namespaces() => dice.Number(1, 4) switch
    {
        1 => null,
        2 => new V1LabelSelector { MatchLabels = Labels.Make(dice, 0, 1) },
        3 => new V1LabelSelector { MatchLabels = new Dictionary<string, string>(StringComparer.Ordinal) { ["kubernetes.io/metadata.name"] = dice.Name(Names.Namespaces) } },
        _ => new V1LabelSelector
        {
            MatchExpressions =
            [
                new V1LabelSelectorRequirement
                {
                    Key = "kubernetes.io/metadata.name",
                    OperatorProperty = dice.Chance(80) ? "In" : "NotIn",
                    Values = [dice.Name(Names.Namespaces), dice.Name(Names.Namespaces)],
                },
            ],
        },
    };

    private AllowedCaller Caller()
    {
        var caller = new AllowedCaller { Ports = dice.Chance(50) ? null : dice.Some(_ports, 40) };
        var which = dice.Number(1, 5);
        if (which > 3)
        {
            caller.IpBlock = which == 4 ? dice.Pick(_blocks) : null;
            caller.Ports = which == 4 || caller.Ports?.Count > 0 ? caller.Ports : [dice.Pick(_ports)];
            return caller;
        }

        caller.NamespaceSelector = which == 1 ? null : Namespaces() ?? new V1LabelSelector();
        caller.PodSelector = which == 2 ? null : Labels.SelectorOf(dice, Labels.Make(dice, 1, 2));
        return caller;
    }
}
