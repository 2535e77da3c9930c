using k8s.Models;
using Wayleave.Api;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>A client whose workload is gone while its Pods run on, across a restart of the operator.</summary>
[Collection(RestartCollection.Name)]
public sealed class MissingClientTests(LifecycleCluster lifecycle)
{
    private const string Client = "checkout";

    [Fact]
    public async Task Pods_of_a_missing_client_keep_their_access_when_the_operator_restarts()
    {
        await using var scene = await lifecycle.SetAsync();
        await scene.DeployAsync("cart", Client);
        await scene.DeclareAsync(Client, "[{kubernetes: {name: cart}}]");
        var first = await scene.StartReadyAsync(LifecycleCluster.NoTelemetry);
        await lifecycle.Cluster.WaitUntilAppliedAsync(scene.Namespace, Client);
        await first.StopAsync();
        var before = await PolicyAsync(scene);
        string[] orphan = ["delete", "deployment", Client, $"--namespace={scene.Namespace}", "--cascade=orphan"];
        (await lifecycle.Cluster.ControlPlane.KubectlAsync(orphan)).EnsureSuccess();

        // Twice: at the second restart the status already says that the client is gone.
        for (var restart = 0; restart < 2; restart++)
        {
            var later = await scene.StartReadyAsync(LifecycleCluster.NoTelemetry);
            await lifecycle.Cluster.WaitForAsync<ClientIntents>(
                "the status of a client that is gone",
                scene.Namespace,
                Client,
                static intents => intents.Status?.Conditions?.Exists(static condition => condition.Reason == Reasons.ClientNotFound) == true);
            await later.WaitUntilIdleAsync(1);
            await later.StopAsync();
        }

        var after = await PolicyAsync(scene);
        after.Metadata.ResourceVersion.ShouldBe(before.Metadata.ResourceVersion);
        after.Spec!.Ingress!.Count.ShouldBe(2);
    }

    private Task<V1NetworkPolicy> PolicyAsync(Scene scene) => lifecycle.Cluster.WaitForAsync<V1NetworkPolicy>(
        "the policy", scene.Namespace, "wayleave-deployment-cart-ingress", static _ => true);
}
