using Wayleave.Kubernetes.Models;

namespace Wayleave.Operator.Tests.Meaning.Generating;

/// <summary>Makes pods, whose names for ports do not always mean the same number.</summary>
internal static class PodTemplates
{
    private static readonly V1ContainerPort[] _ports =
    [
        new() { Name = "http", ContainerPort = 8080 },
        new() { Name = "http", ContainerPort = 9090, Protocol = "TCP" },
        new() { Name = "dns", ContainerPort = 53, Protocol = "UDP" },
        new() { Name = "metrics", ContainerPort = 9100 },
        new() { ContainerPort = 80 },
        new() { Name = "dns", ContainerPort = 5353 },
        new() { Name = "sctp", ContainerPort = 9090, Protocol = "SCTP" },
    ];

    public static V1PodTemplateSpec Make(Dice dice, Dictionary<string, string> labels) =>
        new() { Metadata = new V1ObjectMeta { Labels = labels }, Spec = Spec(dice) };

    public static V1PodSpec Spec(Dice dice) => new()
    {
        HostNetwork = dice.Chance(8) ? true : null,
        Containers = [new V1Container { Ports = dice.Some(_ports, 35) }],
        InitContainers = dice.Chance(10) ? [new V1Container { Ports = [dice.Pick(_ports)] }] : null,
    };
}
