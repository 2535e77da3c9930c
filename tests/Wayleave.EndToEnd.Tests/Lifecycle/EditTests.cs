using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>Edits that arrive while the operator still reconciles the previous one.</summary>
[Collection(ProcessCollection.Name)]
public sealed class EditTests(LifecycleCluster lifecycle)
{
    private const int Edits = 100;

    [Fact]
    public async Task Only_the_last_of_many_quick_edits_leaves_a_policy()
    {
        await using var scene = await lifecycle.SetAsync();
        await scene.DeployAsync(["checkout", .. Enumerable.Range(0, Edits).Select(i => $"server-{i}")]);
        var running = await scene.StartReadyAsync(LifecycleCluster.NoTelemetry);

        for (var i = 0; i < Edits; i++)
        {
            await scene.DeclareAsync("checkout", $"[{{kubernetes: {{name: server-{i}}}}}]");
        }

        await lifecycle.Cluster.WaitUntilAppliedAsync(scene.Namespace, "checkout");
        await running.WaitUntilIdleAsync(Edits);
        await lifecycle.Cluster.WaitForPoliciesAsync(scene.Namespace, $"server-{Edits - 1}");
    }
}
