using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Tests.Meaning.Steps;

namespace Wayleave.Operator.Tests.Meaning.Generating;

/// <summary>Makes objects that belong together, as random edits rarely do: a protected server, its Service and a client of both.</summary>
internal sealed class StoryMaker(Dice dice)
{
    private readonly string _server = dice.Name(Names.Workloads);
    private readonly string _namespace = dice.Name(Names.Namespaces);

    public IEnumerable<(Edit Put, Edit Delete)> Make()
    {
        var labels = Labels.Make(dice, 1, 2);
        var service = dice.Pick(Names.Services);
        yield return Workload(_server, labels);
        yield return Workload("caller", new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "caller" });
        yield return Service(service, labels);
        yield return Protection();
        yield return Intents(service);
    }

    private (Edit Put, Edit Delete) Workload(string name, Dictionary<string, string> labels) => (
        new PutEdit<PartialDeployment>(new PartialDeployment
        {
            Metadata = Meta(name),
            Spec = new PartialWorkloadSpec { Selector = new V1LabelSelector { MatchLabels = labels }, Template = PodTemplates.Make(dice, labels) },
        }),
        new DeleteEdit<PartialDeployment>(_namespace, name));

    private (Edit Put, Edit Delete) Service(string name, Dictionary<string, string> labels)
    {
        var selector = new Dictionary<string, string>(dice.Some(labels, 80), StringComparer.Ordinal);
        var spec = new PartialServiceSpec { Selector = selector, Ports = [new PartialServicePort { Port = 80, TargetPort = dice.Chance(50) ? 8080 : "http" }] };
        return (new PutEdit<PartialService>(new PartialService { Metadata = Meta(name), Spec = spec }), new DeleteEdit<PartialService>(_namespace, name));
    }

    private (Edit Put, Edit Delete) Protection() => (
        new PutEdit<ProtectedService>(new ProtectedService
        {
            Metadata = Meta("p1"),
            Spec = new ProtectedServiceSpec { Workload = new WorkloadRef { Name = _server, Kind = dice.Chance(30) ? "Deployment" : null } },
        }),
        new DeleteEdit<ProtectedService>(_namespace, "p1"));

    private (Edit Put, Edit Delete) Intents(string service) => (
        new PutEdit<ClientIntents>(new ClientIntents
        {
            Metadata = Meta("i1"),
            Spec = new ClientIntentsSpec
            {
                Workload = new WorkloadRef { Name = "caller" },
                Targets = [new IntentTarget { Service = new ServiceTarget { Name = service } }, new IntentTarget { Kubernetes = new KubernetesTarget { Name = _server } }],
            },
        }),
        new DeleteEdit<ClientIntents>(_namespace, "i1"));

    private V1ObjectMeta Meta(string name) => new() { Name = name, NamespaceProperty = _namespace };
}
