using System.Globalization;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>
/// Two installations in one cluster: the second one, in another namespace, touches no policy of the first. WAYLEAVE_TWO_OPERATORS_ROUNDS makes it
/// longer.
/// </summary>
[Collection(LifecycleCollection.Name)]
public sealed class TwoOperatorsTests(LifecycleCluster lifecycle)
{
    private const int Clients = 5;

    /// <summary>The rule for the server's own Pods.</summary>
    private const int OwnPods = 1;

    private static readonly int _rounds = int.Parse(Environment.GetEnvironmentVariable("WAYLEAVE_TWO_OPERATORS_ROUNDS") ?? "10", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("Shadow")]
    [InlineData("Enforce")]
    public async Task The_second_operator_changes_no_policy_of_the_first_and_causes_no_conflicts(string mode)
    {
        await using var scene = await lifecycle.SetAsync();
        var second = await StartSecondAccountAsync(scene);
        await scene.DeployAsync(["cart", "orders", .. Enumerable.Range(0, Clients).Select(Client)]);
        foreach (var client in Enumerable.Range(0, Clients).Select(Client))
        {
            await scene.DeclareAsync(client, "[{kubernetes: {name: cart}}, {kubernetes: {name: orders}}]");
        }

        var first = await scene.StartReadyAsync(LifecycleCluster.NoTelemetry);
        await ShouldBeEnforcedAsync(scene);
        var mark = lifecycle.Audit.Mark();
        await using var rival = await OperatorProcess.StartAsync(
            await second.WriteKubeconfigAsync(lifecycle.Cluster.ControlPlane),
            new OperatorSettings { Arguments = ["--mode", mode, "--namespace", $"{scene.Home}-second", "--clusters=false", LifecycleCluster.NoTelemetry] });
        await rival.WaitUntilReadyAsync();
        await ShouldReportOwnershipAsync(scene);

        for (var round = 0; round < _rounds; round++)
        {
            await ChangeAsync(scene, round, isDeletion: mode == "Shadow" && round is 0 or 3 or 6);
        }

        await first.WaitUntilIdleAsync(1);
        await rival.WaitUntilIdleAsync(1);
        var writes = (await lifecycle.WritesSinceAsync(mark)).Where(write => write.Resource != "leases").ToList();
        var ofRival = writes.Where(write => write.User == second.User).ToList();
        ofRival.Where(write => write.Resource == "networkpolicies" && write.Code < 300).ShouldBeEmpty();
        ofRival.ShouldNotContain(write => write.Resource == "networkpolicies" && write.Verb != "create");

        // One write of a condition for each client, however many rounds; an API server that replaces the list of conditions causes a few more.
        ofRival.Count(write => write.Resource == "clientintents" && write.Code < 300).ShouldBeInRange(Clients, 3 * Clients);

        // Each round writes at most two policies, and the status and Events of one declaration.
        writes.Count(write => write.User != second.User).ShouldBeLessThanOrEqualTo(_rounds * 6);
        (await first.ReadMetricsAsync()).Sum("wayleave_write_conflicts_total", "kind=\"ClientIntents\"").ShouldBe(0);
        (await rival.ReadMetricsAsync()).Sum("wayleave_write_conflicts_total").ShouldBe(0);
        rival.Lines().ShouldContain(line => line.Level == "Warning");
    }

    private async Task ChangeAsync(Scene scene, int round, bool isDeletion)
    {
        var client = Client(round % Clients);
        await scene.DeclareAsync(client, round % 2 == 0 ? "[{kubernetes: {name: cart}}, {kubernetes: {name: orders}}]" : "[{kubernetes: {name: cart}}]");
        await lifecycle.Cluster.WaitUntilAppliedAsync(scene.Namespace, client);
        if (isDeletion)
        {
            await lifecycle.Cluster.Client.DeleteAsync<V1NetworkPolicy>("wayleave-deployment-cart-ingress", scene.Namespace, null, default);
        }

        await lifecycle.Cluster.WaitForAsync<V1NetworkPolicy>(
            "the policy with all callers", scene.Namespace, "wayleave-deployment-cart-ingress", policy => policy.Spec!.Ingress!.Count == Clients + OwnPods);
    }

    private async Task ShouldBeEnforcedAsync(Scene scene)
    {
        foreach (var client in Enumerable.Range(0, Clients).Select(Client))
        {
            await lifecycle.Cluster.WaitUntilAppliedAsync(scene.Namespace, client);
        }
    }

    private async Task ShouldReportOwnershipAsync(Scene scene)
    {
        foreach (var client in Enumerable.Range(0, Clients).Select(Client))
        {
            await UntilConditionAsync(scene, client, isThere: true);
            await lifecycle.Cluster.WaitForAsync<ClientIntents>(
                "the conditions of both installations",
                scene.Namespace,
                client,
                static intents => intents.Status?.Conditions is { } conditions
                    && conditions.Exists(static condition => condition is { Type: ConditionTypes.OwnedByAnother, Status: "True" })
                    && conditions.Exists(static condition => condition is { Type: ConditionTypes.Ready, Reason: Reasons.Enforced }));
        }
    }

    private Task<ClientIntents> UntilConditionAsync(Scene scene, string client, bool isThere) => lifecycle.Cluster.WaitForAsync<ClientIntents>(
        "the condition of a second installation",
        scene.Namespace,
        client,
        intents => intents.Status?.Conditions?.Exists(condition => condition is { Type: ConditionTypes.OwnedByAnother, Status: "True" }) == isThere);

    // A separate user, by which the audit log identifies it.
    private async Task<ServiceAccount> StartSecondAccountAsync(Scene scene)
    {
        await lifecycle.Cluster.CreateNamespaceAsync($"{scene.Home}-second");
        return await ServiceAccount.CreateAsync(lifecycle.Cluster.ControlPlane, $"{scene.Home}-second", "second");
    }

    private static string Client(int number) => $"client-{number}";
}
