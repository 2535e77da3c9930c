using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Controllers;

namespace Wayleave.Operator.Reconciling;

/// <summary>Makes the policies about one subject what the declarations say, and leaves word of it for the declarations' statuses.</summary>
internal sealed class PolicyReconciler(
    ServerInputsReader servers, ClientInputsReader clients, PolicyWriter writer, VerdictBoard board, WorkQueues queues) : IReconciler<SubjectKey>
{
    public Task<ReconciliationResult> ReconcileAsync(SubjectKey key, CancellationToken cancellationToken) =>
        key.Type == SubjectType.Client ? ReconcileClientAsync(key, cancellationToken) : ReconcileServerAsync(key, cancellationToken);

    private async Task<ReconciliationResult> ReconcileServerAsync(SubjectKey key, CancellationToken cancellationToken)
    {
        var inputs = servers.Read(key);
        var plan = ServerDecision.Decide(inputs);
        var writes = await writer.WriteAsync(key, plan, board.Of(key), cancellationToken);
        writes.ThrowIfInterrupted();
        Report(key, VerdictReport.OfServer(inputs, plan, writes));
        return writes.ToResult();
    }

    private async Task<ReconciliationResult> ReconcileClientAsync(SubjectKey key, CancellationToken cancellationToken)
    {
        var declarations = clients.Declarations(key);
        var inputs = clients.Read(key, declarations);
        if (inputs.AwaitsAnswers)
        {
            // The look-up ends in seconds, one way or the other, and brings the key back.
            return ReconciliationResult.Waiting;
        }

        var plan = ClientDecision.Decide(inputs);
        var writes = await writer.WriteAsync(key, plan, board.Of(key), cancellationToken);
        writes.ThrowIfInterrupted();
        Report(key, VerdictReport.OfClient(declarations, plan, writes));
        return writes.ToResult();
    }

    private void Report(SubjectKey key, SubjectVerdicts verdicts)
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
