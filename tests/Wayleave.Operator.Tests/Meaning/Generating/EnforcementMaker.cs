using Wayleave.Api;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Tests.Meaning.Steps;

namespace Wayleave.Operator.Tests.Meaning.Generating;

/// <summary>Makes EnforcementPolicies that get in each other's way.</summary>
internal sealed class EnforcementMaker(Dice dice)
{
    private static readonly string[] _modes = [EnforcementModes.Enforce, EnforcementModes.Enforce, EnforcementModes.Enforce, EnforcementModes.Shadow, EnforcementModes.Off];
    private static readonly int[] _ports = [8080, 9100];

    public (Edit Put, Edit Delete) Make()
    {
        var policy = new EnforcementPolicy
        {
            Metadata = new V1ObjectMeta { Name = $"e{dice.Number(1, 3)}", Finalizers = dice.Chance(10) ? ["example.com/hold"] : null },
            Spec = new EnforcementPolicySpec
            {
                Priority = dice.Chance(50) ? null : dice.Number(0, 2),
                NamespaceSelector = Namespaces(),
                Mode = dice.Pick(_modes),
                Egress = dice.Chance(65) ? true : null,
                Allow = dice.Chance(50) ? null : new AllowedTraffic { Dns = dice.Chance(50) ? null : dice.Chance(30), From = dice.Many(0, 2, Caller) },
            },
        };
        return (new PutEdit<EnforcementPolicy>(policy), new DeleteEdit<EnforcementPolicy>(null, policy.Metadata.Name!));
    }

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
        var caller = new AllowedCaller { Ports = dice.Chance(50) ? null : dice.Some(_ports, 50) };
        var which = dice.Number(1, 3);
        caller.NamespaceSelector = which == 1 ? null : Namespaces() ?? new V1LabelSelector();
        caller.PodSelector = which == 2 ? null : Labels.SelectorOf(dice, Labels.Make(dice, 1, 2));
        return caller;
    }
}
