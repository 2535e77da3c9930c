using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Protobuf;
using Xunit.Abstractions;

namespace Wayleave.EndToEnd.Tests.Kubernetes;

/// <summary>Every kind that is read in protobuf is the same object as in JSON.</summary>
[Collection(LayerCollection.Name)]
public sealed class ProtobufTests(LayerCluster cluster, ITestOutputHelper output)
{
    private const string Objects =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: NAMESPACE, labels: {app: web, empty: ""}, annotations: {note: "ä"}, finalizers: [layer.test/held]}
        spec:
          replicas: 0
          selector: {matchLabels: {app: web}, matchExpressions: [{key: tier, operator: In, values: [a, b]}, {key: old, operator: DoesNotExist}]}
          template:
            metadata: {labels: {app: web, tier: a}, annotations: {a: b}}
            spec:
              hostNetwork: true
              initContainers: [{name: proxy, image: a, ports: [{containerPort: 15001, hostPort: 15001}]}]
              containers:
              - {name: main, image: b, env: [{name: A, value: b}], ports: [{name: http, containerPort: 8080, hostPort: 8080}, {containerPort: 53, hostPort: 53, protocol: UDP}]}
              - {name: sidecar, image: c}
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db, namespace: NAMESPACE}
        spec: {serviceName: db, replicas: 0, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: a, ports: [{containerPort: 5432}]}]}}}
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent, namespace: NAMESPACE}
        spec: {selector: {matchLabels: {app: agent}}, template: {metadata: {labels: {app: agent}}, spec: {containers: [{name: agent, image: a}]}}}
        ---
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata: {name: web-1, namespace: NAMESPACE, ownerReferences: [{apiVersion: v1, kind: Namespace, name: NAMESPACE, uid: OWNER, controller: true, blockOwnerDeletion: false}]}
        spec: {replicas: 0, selector: {matchLabels: {app: rs}}, template: {metadata: {labels: {app: rs}}, spec: {containers: [{name: a, image: a}]}}}
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: {name: migrate, namespace: NAMESPACE}
        spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: a, ports: [{containerPort: 1}]}]}}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: NAMESPACE}
        spec: {externalIPs: [192.0.2.7], selector: {app: web}, ports: [{name: http, port: 80, protocol: TCP, targetPort: http}, {name: dns, port: 53, protocol: UDP, targetPort: 5353}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: alias, namespace: NAMESPACE}
        spec: {type: ExternalName, externalName: example.com}
        ---
        apiVersion: v1
        kind: Endpoints
        metadata: {name: hand, namespace: NAMESPACE}
        subsets: [{addresses: [{ip: 192.0.2.8}, {ip: 192.0.2.9, targetRef: {kind: Pod, name: a, namespace: NAMESPACE}}], ports: [{name: a, port: 80}, {name: b, port: 81, protocol: UDP}]}]
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: everything, namespace: NAMESPACE}
        spec:
          podSelector: {matchLabels: {app: web}}
          policyTypes: [Ingress, Egress]
          ingress:
          - {}
          - {from: [{podSelector: {}}, {namespaceSelector: {matchLabels: {a: b}}, podSelector: {matchExpressions: [{key: a, operator: Exists}]}}], ports: [{port: 80}, {port: http, protocol: TCP}, {protocol: SCTP}]}
          egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.2.0.0/16]}}], ports: [{port: 53, protocol: UDP}]}]
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: closed, namespace: NAMESPACE}
        spec: {podSelector: {}, policyTypes: [Ingress]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: NAMESPACE}
        spec: {controller: layer.test/ingress}
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: web, namespace: NAMESPACE}
        spec:
          ingressClassName: NAMESPACE
          defaultBackend: {service: {name: web, port: {name: http}}}
          rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}, {host: b.example.com}]
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata: {name: NAMESPACE}
        webhooks:
        - {name: a.layer.test, sideEffects: None, failurePolicy: Ignore, admissionReviewVersions: [v1], clientConfig: {service: {name: web, namespace: NAMESPACE, path: /a, port: 8443}}}
        - {name: b.layer.test, sideEffects: None, failurePolicy: Ignore, admissionReviewVersions: [v1], clientConfig: {url: "https://example.com"}}
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingWebhookConfiguration
        metadata: {name: NAMESPACE}
        webhooks: [{name: a.layer.test, sideEffects: None, failurePolicy: Ignore, admissionReviewVersions: [v1], clientConfig: {service: {name: web, namespace: NAMESPACE}}}]
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: NAMESPACE}
        spec: {podCIDR: 10.9.0.0/24, podCIDRs: [10.9.0.0/24]}
        """;

    private const string Since121 =
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: slice, namespace: NAMESPACE, labels: {kubernetes.io/service-name: web}}
        addressType: IPv4
        endpoints: [{addresses: [192.0.2.1]}, {addresses: [192.0.2.2], conditions: {ready: true}}]
        ports: [{name: "", port: 80}, {name: b, port: 81, protocol: UDP}]
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: nightly, namespace: NAMESPACE}
        spec: {schedule: "0 0 * * *", jobTemplate: {spec: {template: {metadata: {labels: {app: nightly}}, spec: {restartPolicy: Never, containers: [{name: a, image: a, ports: [{containerPort: 1}]}]}}}}}
        """;

    [Fact]
    public async Task Reads_the_same_objects_in_protobuf_and_in_JSON()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        await ApplyAsync(Objects, @namespace);
        if (cluster.Plane.Version.Minor >= 21)
        {
            await ApplyAsync(Since121, @namespace);
        }

        await CompareAsync(WorkloadMessages.Deployment, @namespace);
        await CompareAsync(WorkloadMessages.StatefulSet, @namespace);
        await CompareAsync(WorkloadMessages.DaemonSet, @namespace);
        await CompareAsync(WorkloadMessages.ReplicaSet, @namespace);
        await CompareAsync(WorkloadMessages.Job, @namespace);
        await CompareAsync(WorkloadMessages.CronJob, @namespace);
        await CompareAsync(ServiceMessages.Service, @namespace);
        await CompareAsync(ServiceMessages.Endpoints, @namespace);
        await CompareAsync(ServiceMessages.EndpointSlice, @namespace);
        await CompareAsync(NetworkingMessages.NetworkPolicy, @namespace);
        await CompareAsync(NetworkingMessages.Ingress, @namespace);
        await CompareAsync(NetworkingMessages.IngressClass);
        await CompareAsync(NetworkingMessages.ServiceCidr);
        await CompareAsync(ClusterMessages.Namespace);
        await CompareAsync(ClusterMessages.Node);
        await CompareAsync(ClusterMessages.ValidatingWebhooks);
        await CompareAsync(ClusterMessages.MutatingWebhooks);
        await CompareAsync(ClusterMessages.CustomResourceDefinition);
        await CompareAsync(ClusterMessages.ApiService);
        await ReleaseAsync(@namespace);
    }

    [Fact]
    public async Task Reads_a_Pod_the_same_in_protobuf_and_in_JSON()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        await ApplyAsync("{apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: NAMESPACE}}", @namespace);
        await ApplyAsync(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: NAMESPACE, labels: {app: web}}
            spec: {automountServiceAccountToken: false, containers: [{name: main, image: a, ports: [{name: http, containerPort: 80}]}]}
            """,
            @namespace);

        await CompareAsync(WorkloadMessages.Pod, @namespace);
    }

    private async Task CompareAsync<TEntity>(MessageParser<TEntity> protobuf, string? @namespace = null)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var scope = @namespace is null ? EntityScope.Cluster : EntityScope.Namespaced;
        using var json = await ConnectAsync(EntityRegistry.Create().Add<TEntity>(scope));
        using var binary = await ConnectAsync(EntityRegistry.Create().Add(scope, protobuf: protobuf));
        if (!await json.Kubernetes.IsServedAsync<TEntity>(default))
        {
            output.WriteLine($"{cluster.Plane.Version} does not serve {typeof(TEntity).Name}.");
            return;
        }

        var options = new ListOptions { Namespace = @namespace };
        var listed = await json.Kubernetes.ListAsync<TEntity>(options, default);
        listed.Items.ShouldNotBeEmpty(typeof(TEntity).Name);
        (await ListAsync<TEntity>(binary, options)).ShouldBe(await ListAsync<TEntity>(json, options), typeof(TEntity).Name);

        // A watch from nowhere begins with what there is.
        var count = listed.Items.Count;
        (await WatchAsync<TEntity>(binary, options, count)).ShouldBe(await WatchAsync<TEntity>(json, options, count), ignoreOrder: true, typeof(TEntity).Name);
    }

    private static async Task<string[]> ListAsync<TEntity>(LayerClient client, ListOptions options)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        [.. (await client.Kubernetes.ListAsync<TEntity>(options, default)).Items.Select(entity => Text(client, entity))];

    private static async Task<string[]> WatchAsync<TEntity>(LayerClient client, ListOptions options, int count)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        await client.Kubernetes.WatchAsync<TEntity>(options, default)
            .Where(change => change.Type != WatchEventType.Bookmark)
            .Take(count)
            .Select(change => $"{change.Type} {Text(client, change.Entity)}")
            .ToArrayAsync();

    // Without what only the JSON of single objects repeats, and what protobuf skips of workloads.
    private static string Text<TEntity>(LayerClient client, TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        if (entity is PartialObject<PartialWorkloadSpec> or PartialCronJob or PartialPod)
        {
            (entity.Metadata.Annotations, entity.Metadata.ManagedFields) = (null, null);
        }

        if ((entity as PartialObject<PartialWorkloadSpec>)?.Spec?.Template is { Metadata: { } pods } template)
        {
            template.Metadata = new V1ObjectMeta { Labels = pods.Labels };
        }

        var text = JsonSerializer.SerializeToNode(entity, client.Entities.Get<TEntity>().Json)!.AsObject();
        text.Remove("apiVersion");
        text.Remove("kind");
        return Sorted(text)!.ToJsonString();
    }

    // The order of maps is not part of them.
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, Sorted(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private Task<LayerClient> ConnectAsync(EntityRegistry registry) => cluster.ConnectAsync(registry: registry);

    // The owner exists: the garbage collector deletes what belongs to nothing.
    private async Task ApplyAsync(string yaml, string @namespace)
    {
        var owner = (await cluster.Client.Kubernetes.GetAsync<V1Namespace>(@namespace, null, default))!.Metadata.Uid;
        var manifest = yaml.Replace("NAMESPACE", @namespace, StringComparison.Ordinal).Replace("OWNER", owner, StringComparison.Ordinal);
        (await cluster.Plane.KubectlAsync(["apply", "--server-side", "--validate=false", "--filename=-"], manifest)).EnsureSuccess();
    }

    // Other tests of the same cluster must not find what belongs to no namespace.
    private async Task ReleaseAsync(string @namespace)
    {
        string[] release = ["patch", "deployment", "web", $"--namespace={@namespace}", "--type=merge", """--patch={"metadata": {"finalizers": null}}"""];
        (await cluster.Plane.KubectlAsync(release)).EnsureSuccess();
        string[] kinds = ["validatingwebhookconfigurations", "mutatingwebhookconfigurations", "ingressclasses", "nodes"];
        foreach (var kind in kinds)
        {
            (await cluster.Plane.KubectlAsync(["delete", kind, @namespace])).EnsureSuccess();
        }
    }
}
