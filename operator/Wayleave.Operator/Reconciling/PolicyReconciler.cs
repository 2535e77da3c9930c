using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Controllers;

namespace Wayleave.Operator.Reconciling;

/// <summary>Makes the policies about one server what the declarations say, and leaves word of it for the declarations' statuses.</summary>
internal sealed class PolicyReconciler(ServerInputsReader reader, PolicyWriter writer, VerdictBoard board, WorkQueues queues) : IReconciler<ServerKey>
{
    public async Task<ReconciliationResult> ReconcileAsync(ServerKey key, CancellationToken cancellationToken)
    {
        var inputs = reader.Read(key);
        var plan = ServerDecision.Decide(inputs);
        var writes = await writer.WriteAsync(key, plan, cancellationToken);
        Report(key, VerdictReport.Of(inputs, plan, writes));
        writes.ThrowIfFailed();
        return ReconciliationResult.Done;
    }

    private void Report(ServerKey key, ServerVerdicts verdicts)
    {
        var news = board.Publish(key, verdicts);
        foreach (NamespacedName intents in news.Intents)
        {
            queues.Intents.Add(intents);
        }

        foreach (NamespacedName protection in news.Protections)
        {
            queues.Protections.Add(protection);
        }
    }
}
