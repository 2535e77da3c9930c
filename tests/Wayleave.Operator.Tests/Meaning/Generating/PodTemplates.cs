using k8s.Models;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Operator.Tests.Meaning.Generating;

/// <summary>Makes Pod templates in which a port name may have different numbers.</summary>
internal static class PodTemplates
{
    private static readonly PartialContainerPort[] _ports =
    [
        new() { Name = "http", ContainerPort = 8080 },
        new() { Name = "http", ContainerPort = 9090, Protocol = "TCP" },
        new() { Name = "dns", ContainerPort = 53, Protocol = "UDP" },
        new() { Name = "metrics", ContainerPort = 9100 },
        new() { ContainerPort = 80 },
        new() { Name = "dns", ContainerPort = 5353 },
        new() { Name = "sctp", ContainerPort = 9090, Protocol = "SCTP" },
    ];

    public static PartialPodTemplateSpec Make(Dice dice, Dictionary<string, string> labels) =>
        new() { Metadata = new V1ObjectMeta { Labels = labels }, Spec = Spec(dice) };

    public static PartialPodSpec Spec(Dice dice) => new()
    {
        HostNetwork = dice.Chance(8) ? true : null,
        Containers = [new PartialContainer { Ports = dice.Some(_ports, 35) }],
        InitContainers = dice.Chance(10) ? [new PartialContainer { Ports = [dice.Pick(_ports)] }] : null,
    };
}
