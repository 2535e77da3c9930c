using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>Edits that come while the operator still writes about the one before.</summary>
[Collection(ProcessCollection.Name)]
public sealed class EditTests(LifecycleCluster lifecycle)
{
    private const int Edits = 100;

    [Fact]
    public async Task Of_many_quick_edits_only_the_last_leaves_anything()
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
