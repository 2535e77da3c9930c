using Wayleave.Api;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>A cluster whose DNS listens on another port than 53, as that of OpenShift does.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed class ClusterDnsTests(SharedCluster shared) : EnforcementTest(shared), IAsyncLifetime
{
    private const string Namespace = "openshift-dns";

    private const string DnsPods =
        """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: dns-default, namespace: openshift-dns}
        spec:
          selector: {matchLabels: {dns: default}}
          template:
            metadata: {labels: {dns: default}}
            spec:
              containers:
              - name: dns
                image: none
                ports: [{name: dns, containerPort: 5353, protocol: UDP}, {name: dns-tcp, containerPort: 5353, protocol: TCP}]
        """;

    private static readonly string _service = Workloads.Service(
        Namespace,
        "dns-default",
        "{selector: {dns: default}, ports: [{name: dns, port: 53, targetPort: dns, protocol: UDP}, {name: dns-tcp, port: 53, targetPort: dns-tcp, protocol: TCP}]}");

    public async Task InitializeAsync()
    {
        await Cluster.CreateNamespaceAsync(Namespace);
        await ApplyAsync(DnsPods, _service);
    }

    public async Task DisposeAsync()
    {
        await Cluster.DeleteAllAsync<EnforcementPolicy>();
        await Cluster.DeleteAsync(_service);
        await Cluster.DeleteAsync(DnsPods);
    }

    [Fact]
    public async Task Allows_a_restricted_client_to_reach_the_DNS_Pods_on_their_port_without_isolating_them()
    {
        var shop = await NewNamespaceWithAsync("api");
        await ApplyAsync(
            Yaml.Enforcement(shop, $"{{mode: Enforce, egress: true, namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {shop}}}}}}}"),
            Yaml.Enforcement("dns", $"{{mode: Enforce, namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {Namespace}}}}}}}"),
            Yaml.Intents(shop, "api", "[{service: {name: dns-default.openshift-dns}}]"));

        var intents = await Cluster.UntilIntentsAsync(shop, "api", "True", Reasons.Enforced);

        intents.Status!.Targets![0].State.ShouldBe(TargetStateNames.Enforced);
        var pods = "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: openshift-dns}}, podSelector: {matchLabels: {dns: default}}}";
        await Cluster.UntilPolicyAsync(shop, "wayleave-deployment-api-egress", PolicyText.Of(
            $$$"""
            {podSelector: {matchLabels: {app: api} }, policyTypes: [Egress], egress: [
              {to: [{podSelector: {matchLabels: {app: api} } }]},
              {ports: [{port: 53, protocol: TCP}, {port: 53, protocol: UDP}]},
              {to: [{{{pods}}}], ports: [{port: 5353, protocol: TCP}, {port: 5353, protocol: UDP}]},
              {to: [{{{pods}}}], ports: [{port: 5353, protocol: TCP}, {port: 5353, protocol: UDP}]}]}
            """));
        await Cluster.UntilPoliciesAsync(Namespace);
    }
}
