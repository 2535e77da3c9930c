using k8s.Models;
using Wayleave.Api;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>An installation that finds the policies of another one.</summary>
[Collection(RestartCollection.Name)]
public sealed class TakeOverTests(LifecycleCluster lifecycle)
{
    [Fact]
    public async Task A_second_installation_takes_over_policies_when_the_installation_annotation_is_removed()
    {
        await using var scene = await lifecycle.SetAsync();
        await scene.DeployAsync("cart", "checkout");
        await scene.DeclareAsync("checkout", "[{kubernetes: {name: cart}}]");
        var first = await scene.StartReadyAsync(LifecycleCluster.NoTelemetry);
        await lifecycle.Cluster.WaitUntilAppliedAsync(scene.Namespace, "checkout");
        await first.StopAsync();
        var before = await PolicyAsync(scene);
        await lifecycle.Cluster.CreateNamespaceAsync($"{scene.Home}-second");
        await using var second = await OperatorProcess.StartAsync(
            lifecycle.Cluster.ControlPlane.KubeconfigPath,
            new OperatorSettings { Arguments = ["--namespace", $"{scene.Home}-second", LifecycleCluster.NoTelemetry] });
        await UntilConditionAsync(scene, "checkout", isThere: true);

        // The command in the message of the condition.
        string[] takeOff = ["annotate", "networkpolicies", "--all-namespaces", "--selector", "app.kubernetes.io/managed-by=wayleave", "wayleave.dev/installation-"];
        (await lifecycle.Cluster.ControlPlane.KubectlAsync(takeOff)).EnsureSuccess();

        await UntilConditionAsync(scene, "checkout", isThere: false);
        var after = await PolicyAsync(scene);
        after.Metadata.Uid.ShouldBe(before.Metadata.Uid);
        after.Metadata.Annotations![WayleaveLabels.Installation].ShouldNotBe(before.Metadata.Annotations![WayleaveLabels.Installation]);
    }

    private Task<ClientIntents> UntilConditionAsync(Scene scene, string client, bool isThere) => lifecycle.Cluster.WaitForAsync<ClientIntents>(
        "the condition of a second installation",
        scene.Namespace,
        client,
        intents => intents.Status?.Conditions?.Exists(condition => condition is { Type: ConditionTypes.OwnedByAnother, Status: "True" }) == isThere);

    private Task<V1NetworkPolicy> PolicyAsync(Scene scene) => lifecycle.Cluster.WaitForAsync<V1NetworkPolicy>(
        "the policy", scene.Namespace, "wayleave-deployment-cart-ingress", static _ => true);
}
