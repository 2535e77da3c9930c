using System.Text.Json.Nodes;
using System.Threading.Channels;
using Wayleave.Api;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>
/// Gets to the same result as the operator with the requests that cost the API server the least: each policy is created, and each status is
/// merged into its declaration. No watch, no cache and no decision.
/// </summary>
internal sealed class BareWrites(TestCluster cluster) : IDisposable
{
    // Workers for policies, and the same number for statuses: the operator has a queue for each.
    private const int Workers = 8;
    private readonly BareClient _client = new(cluster, WayleaveLabels.FieldManager);
    private readonly Dictionary<int, (byte[] Policy, byte[] Status)> _bodies = [];

    /// <summary>Records the policies and statuses that are in the cluster now.</summary>
    public async Task RecordAsync(int size)
    {
        var policies = await ListAsync("networkpolicies.networking.k8s.io");
        var intents = await ListAsync("clientintents.wayleave.dev");
        for (var i = 0; i < size; i++)
        {
            _bodies[i] = (
                Body(policies[(Fleet.NamespaceOf(i), Fleet.PolicyOf(i))], "spec"),
                Body(intents[(Fleet.NamespaceOf(i), Fleet.NameOf(i))], "status"));
        }
    }

    /// <summary>Creates the declarations and makes the recorded writes.</summary>
    public async Task WriteAsync(Fleet fleet, int size)
    {
        var declared = Channel.CreateUnbounded<int>();
        var enforced = Channel.CreateUnbounded<int>();
        var policies = WriteAllAsync(declared.Reader, async i =>
        {
            await _client.CreateAsync(PoliciesPath(i), _bodies[i].Policy);
            enforced.Writer.TryWrite(i);
        });
        var statuses = WriteAllAsync(enforced.Reader, i => _client.MergeAsync(StatusPath(i), _bodies[i].Status));
        await fleet.DeclareAsync(size, declared: i => declared.Writer.TryWrite(i));
        declared.Writer.Complete();
        await policies;
        enforced.Writer.Complete();
        await statuses;
    }

    /// <summary>Writes the policy of one declaration with another port.</summary>
    public async Task WritePolicyAsync(int i, int port)
    {
        var body = JsonNode.Parse(_bodies[i].Policy)!;
        var rules = body["spec"]!["ingress"]!.AsArray();

        // The rule for the server's own Pods has no ports.
        rules.First(rule => rule!["ports"] is not null)!["ports"]![0]!["port"] = port;
        await _client.MergeAsync($"{PoliciesPath(i)}/{Fleet.PolicyOf(i)}", Bytes(body));
    }

    public void Dispose() => _client.Dispose();

    private static Task WriteAllAsync(ChannelReader<int> ready, Func<int, Task> write) => Task.WhenAll(Enumerable.Range(0, Workers).Select(async _ =>
    {
        await foreach (var i in ready.ReadAllAsync())
        {
            await write(i);
        }
    }));

    private static string StatusPath(int i) => Fleet.PathOf(i, $"wayleave.dev/v1beta1:clientintents/{Fleet.NameOf(i)}/status");

    private static string PoliciesPath(int i) => Fleet.PathOf(i, "networking.k8s.io/v1:networkpolicies");

    private async Task<Dictionary<(string Namespace, string Name), JsonNode>> ListAsync(string resource)
    {
        string[] query = ["get", resource, "--all-namespaces", "--output=json"];
        var list = JsonNode.Parse((await cluster.ControlPlane.KubectlAsync(query)).EnsureSuccess().Output)!;
        return list["items"]!.AsArray().ToDictionary(item => ((string)item!["metadata"]!["namespace"]!, (string)item["metadata"]!["name"]!), item => item!);
    }

    private static byte[] Body(JsonNode stored, string part)
    {
        var metadata = new JsonObject();
        foreach (var name in part == "spec" ? new[] { "name", "namespace", "labels", "annotations" } : ["name", "namespace"])
        {
            metadata[name] = stored["metadata"]![name]?.DeepClone();
        }

        return Bytes(new JsonObject
        {
            ["apiVersion"] = stored["apiVersion"]!.DeepClone(),
            ["kind"] = stored["kind"]!.DeepClone(),
            ["metadata"] = metadata,
            [part] = stored[part]!.DeepClone(),
        });
    }

    private static byte[] Bytes(JsonNode body) => System.Text.Encoding.UTF8.GetBytes(body.ToJsonString());
}
