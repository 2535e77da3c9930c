using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Domains;
using Wayleave.Operator.Tracing;

namespace Wayleave.Operator.Reconciling;

/// <summary>Reconciles the policies of one server or client, and stores the results for the statuses of its declarations.</summary>
internal sealed class PolicyReconciler(
    InputsReaders readers, DomainWaitTracker waits, PolicyWriter writer, ResultStore results, ClusterCache cache,
    OperatorTracing tracing)
    : IReconciler<PolicyKey>
{
    public Task<ReconciliationResult> ReconcileAsync(PolicyKey key, CancellationToken cancellationToken) =>
        key.Type == SubjectType.Client ? ReconcileClientAsync(key, cancellationToken) : ReconcileServerAsync(key, cancellationToken);

    private async Task<ReconciliationResult> ReconcileServerAsync(PolicyKey key, CancellationToken cancellationToken)
    {
        var inputs = readers.Servers.Read(key);
        var plan = Plan(inputs);
        var writes = await writer.WriteAsync(key, plan, results.Get(key), cancellationToken);
        writes.ThrowIfConflict();
        results.Publish(key, PolicyResultsBuilder.BuildForServer(inputs, plan, writes));
        if (inputs.Intents.Count == 0 && inputs.Protections.Count == 0)
        {
            cache.Forget(new NamespacedName(key.Namespace, key.Name));
        }

        return writes.ToResult();
    }

    private async Task<ReconciliationResult> ReconcileClientAsync(PolicyKey key, CancellationToken cancellationToken)
    {
        var declarations = readers.Clients.Declarations(key);
        var (inputs, wait) = waits.Update(readers.Clients.Read(key, declarations), declarations);
        var plan = Plan(inputs, declarations);
        if (wait is { } remaining)
        {
            await WriteEarlyAsync(key, inputs, plan, cancellationToken);
            return ReconciliationResult.RequeueAfter(remaining);
        }

        var writes = await writer.WriteAsync(key, plan, results.Get(key), cancellationToken);
        writes.ThrowIfConflict();
        results.Publish(key, PolicyResultsBuilder.BuildForClient(declarations, plan, writes));
        if (declarations.Count == 0)
        {
            cache.Forget(new NamespacedName(key.Namespace, key.Name));
        }

        if (inputs.ReplanAfter is { } replan)
        {
            writes.RequeueAfter(replan);
        }

        return writes.ToResult();
    }

    private PolicyPlan Plan(ServerInputs inputs)
    {
        using var span = tracing.StartDecision(inputs);
        return IngressPlanner.Plan(inputs);
    }

    private PolicyPlan Plan(ClientInputs inputs, IReadOnlyList<ClientIntents> declarations)
    {
        using var span = tracing.StartDecision(declarations);
        return EgressPlanner.Plan(inputs);
    }

    // A client that already has a policy is updated while it waits for domains. A first policy would block the unresolved domains.
    private async Task WriteEarlyAsync(PolicyKey key, ClientInputs inputs, PolicyPlan plan, CancellationToken cancellationToken)
    {
        var inForce = inputs.PoliciesBeforeLookup.Select(policy => policy.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        if (inForce.Count > 0 && plan.Desired.All(policy => inForce.Contains(policy.Metadata.Name)))
        {
            var writes = await writer.WriteAsync(key, plan, results.Get(key), cancellationToken);
            writes.ThrowIfConflict();
        }
    }
}

/// <summary>The readers that gather the inputs for planning servers and clients.</summary>
internal sealed record InputsReaders(ServerInputsReader Servers, ClientInputsReader Clients);
