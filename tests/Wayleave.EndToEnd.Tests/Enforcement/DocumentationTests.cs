using Wayleave.Api;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>
/// Applies the examples of the user documentation. An object with <c># Ready: True Enforced</c> below it must reach that condition. The test
/// creates the workloads and Services that an example names but does not contain.
/// </summary>
[Collection(SharedClusterCollection.Name)]
public sealed class DocumentationTests(SharedCluster shared) : EnforcementTest(shared), IAsyncLifetime
{
    /// <summary>Each page and the number of the example on it, from 1.</summary>
    public static TheoryData<string, int> Examples
    {
        get
        {
            var examples = new TheoryData<string, int>();
            foreach (var page in DocumentationPages.Kinds.Select(DocumentationPages.PageOf).Append(DocumentationPages.Readme).Append(DocumentationPages.Troubleshooting))
            {
                Enumerable.Range(1, DocumentationPages.Examples(page).Count).ToList().ForEach(number => examples.Add(page, number));
            }

            return examples;
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Cluster.DeleteAllAsync<EnforcementPolicy>();
        await Cluster.DeleteAllAsync<Wayleave.Api.Cluster>();
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_example_is_accepted_and_reaches_its_stated_condition(string page, int number)
    {
        var example = DocumentationPages.Examples(page)[number - 1];
        var own = await NewNamespaceAsync();
        foreach (var @namespace in DocumentedObject.NamespacesOf(example))
        {
            example = DocumentedObject.Rename(example, @namespace, await NewNamespaceAsync());
        }

        var objects = DocumentedObject.Read(example);
        await ApplyAsync(example);
        foreach (var one in objects)
        {
            await PrepareAsync(one, own, objects);
        }

        foreach (var one in objects.Where(one => one.Ready is not null))
        {
            await UntilReadyAsync(one);
        }
    }

    private async Task PrepareAsync(DocumentedObject one, string own, IReadOnlyList<DocumentedObject> objects)
    {
        switch (one.Kind)
        {
            case nameof(ClientIntents):
                await PrepareAsync((await Cluster.Client.GetAsync<ClientIntents>(one.Name, one.Namespace, CancellationToken.None))!, objects);
                break;
            case nameof(ProtectedService):
                var protection = await Cluster.Client.GetAsync<ProtectedService>(one.Name, one.Namespace, CancellationToken.None);
                await MakeAsync(objects, one.Namespace, protection!.Spec.Workload.Name, protection.Spec.Workload.Kind);
                break;
            case nameof(EnforcementPolicy):
                await SelectAsync((await Cluster.Client.GetAsync<EnforcementPolicy>(one.Name, null, CancellationToken.None))!, own);
                break;
        }
    }

    private async Task PrepareAsync(ClientIntents intents, IReadOnlyList<DocumentedObject> objects)
    {
        var home = intents.Metadata.NamespaceProperty!;
        await MakeAsync(objects, home, intents.Spec.Workload.Name, intents.Spec.Workload.Kind);
        foreach (var target in intents.Spec.Targets)
        {
            if (target.Kubernetes is { } workload)
            {
                var (name, @namespace) = Place(workload.Name, home);
                await MakeAsync(objects, @namespace, name, workload.Kind);
            }
            else if (target.Service is { } service && service.Name != "kubernetes.default")
            {
                var (name, @namespace) = Place(service.Name, home);
                await MakeAsync(objects, @namespace, name, "Service");
            }
        }
    }

    private async Task MakeAsync(IReadOnlyList<DocumentedObject> objects, string @namespace, string name, string? kind)
    {
        if (!objects.Any(one => one.Namespace == @namespace && one.Name == name && one.Kind == (kind ?? WorkloadKindNames.Deployment)))
        {
            await ApplyAsync(kind == "Service"
                ? Workloads.Service(@namespace, name, $"{{selector: {{app: {name}}}, ports: [{{port: 80, protocol: TCP}}]}}")
                : Yaml.Workload(@namespace, name, kind ?? WorkloadKindNames.Deployment));
        }
    }

    // Labels only a namespace of this test, so that the policy does not govern the namespaces of other tests.
    private async Task SelectAsync(EnforcementPolicy policy, string own)
    {
        var labels = (policy.Spec.NamespaceSelector?.MatchLabels).ToMap();
        labels.ShouldNotBeEmpty($"the example {policy.Metadata.Name} would govern the namespaces of other tests");
        foreach (var (key, value) in labels.Where(label => label.Key != WayleaveLabels.NamespaceName))
        {
            await KubectlAsync("label", "namespace", own, $"{key}={value}");
        }
    }

    private Task UntilReadyAsync(DocumentedObject one)
    {
        var (status, reason) = one.Ready!.Value;
        return one.Kind switch
        {
            nameof(ClientIntents) => Cluster.UntilIntentsAsync(one.Namespace, one.Name, status, reason),
            nameof(ProtectedService) => Cluster.UntilProtectionAsync(one.Namespace, one.Name, status, reason),
            nameof(EnforcementPolicy) => Cluster.UntilEnforcementAsync(one.Name, status, reason),
            nameof(KafkaServerConfig) => Cluster.UntilKafkaServerAsync(one.Namespace, one.Name, status, reason),
            _ => throw new ArgumentException($"{one.Kind} {one.Name} has no Ready condition", nameof(one)),
        };
    }

    private static (string Name, string Namespace) Place(string name, string home) =>
        name.LastIndexOf('.') is var dot and >= 0 ? (name[..dot], name[(dot + 1)..]) : (name, home);
}
