using System.Text.Json;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Serialization;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Reconciling;

/// <summary>Brings the policies about one subject to the desired ones with the fewest writes: none when nothing differs.</summary>
internal sealed partial class PolicyWriter(
    IKubernetesClient client, ClusterCache cache, TakenNames taken, ILogger<PolicyWriter> logger)
{
    private readonly IStore<V1NetworkPolicy> _store = cache.Policies.Store;

    public async Task<PolicyWrites> WriteAsync(SubjectKey key, PolicyPlan plan, CancellationToken cancellationToken)
    {
        var writes = new PolicyWrites();
        plan.Desired.Concat(plan.Held).ToList().ForEach(cache.Owner.Mark);
        List<V1NetworkPolicy> kept = [.. plan.Desired, .. plan.Held.Where(held => _store.Get(NamespacedName.Of(held)) is not null)];
        foreach (var policy in kept)
        {
            await GuardAsync(writes, policy, () => EnsureAsync(key, policy, writes, cancellationToken));
        }

        foreach (var existing in _store.ByIndex(IndexNames.Server, key.ToString()))
        {
            if (!kept.Exists(policy => policy.Metadata.Name == existing.Metadata.Name))
            {
                await GuardAsync(writes, existing, () => DeleteAsync(existing, cancellationToken));
            }
        }

        return writes;
    }

    private static async Task GuardAsync(PolicyWrites writes, V1NetworkPolicy policy, Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (Exception error) when (error is KubernetesException or HttpRequestException or TimeoutException or JsonException)
        {
            var message = error is KubernetesException refused ? $"the API server refused the policy: {refused.Message}" : "the API server could not be reached";
            writes.Failed(policy.Metadata.Name!, Verdict.Pending(Reasons.WriteFailed, message), error);
        }
    }

    private async Task EnsureAsync(SubjectKey key, V1NetworkPolicy desired, PolicyWrites writes, CancellationToken cancellationToken)
    {
        var existing = _store.Get(NamespacedName.Of(desired));
        if (existing is null)
        {
            await CreateAsync(key, desired, writes, cancellationToken);
        }
        else if (!cache.Owner.WasAppliedByUs(existing))
        {
            Refuse(key, desired, writes, cache.Owner.IsAnothers(existing));
            await RetryIfGoneAsync(key, desired, writes, cancellationToken);
        }
        else if (!PolicyEquality.Matches(existing, desired))
        {
            await MendAsync(desired, cancellationToken);
        }
    }

    // It may have gone before anybody was waiting for that.
    private async Task RetryIfGoneAsync(SubjectKey key, V1NetworkPolicy desired, PolicyWrites writes, CancellationToken cancellationToken)
    {
        if (_store.Get(NamespacedName.Of(desired)) is null)
        {
            writes.Allowed(desired.Metadata.Name!);
            await CreateAsync(key, desired, writes, cancellationToken);
        }
    }

    // Without force: a policy that somebody made a moment ago under this name is a conflict, not a prey.
    private async Task CreateAsync(SubjectKey key, V1NetworkPolicy desired, PolicyWrites writes, CancellationToken cancellationToken)
    {
        try
        {
            var applied = await client.ApplyAsync(desired, force: false, cancellationToken);
            Written(applied);
        }
        catch (KubernetesException error) when (error.IsFieldConflict)
        {
            Refuse(key, desired, writes, isAnothers: false);
        }
    }

    private async Task MendAsync(V1NetworkPolicy desired, CancellationToken cancellationToken)
    {
        var applied = await client.ApplyAsync(desired, force: true, cancellationToken);
        if (!PolicyEquality.Matches(applied.Entity, desired))
        {
            // Somebody else's apply owns an entry that ours does not name, e.g. one more label in the selector: replace the whole spec.
            var patch = JsonPatch.Set("/spec", desired.Spec!, KubernetesJson.Default.V1NetworkPolicySpec, applied.Entity.Metadata.ResourceVersion);
            var patched = await client.PatchAsync<V1NetworkPolicy>(desired.Metadata.Name!, desired.Metadata.NamespaceProperty, patch, cancellationToken);
            applied = applied with { Entity = patched };
        }

        Written(applied);
    }

    private void Written(ApplyResult<V1NetworkPolicy> applied)
    {
        _store.Observe(applied.Entity);
        LogWritten(applied.Created ? "created" : "updated", applied.Entity.Metadata.NamespaceProperty, applied.Entity.Metadata.Name);
    }

    private async Task DeleteAsync(V1NetworkPolicy existing, CancellationToken cancellationToken)
    {
        var exactly = new V1Preconditions { Uid = existing.Metadata.Uid, ResourceVersion = existing.Metadata.ResourceVersion };
        var deleted = await client.DeleteAsync<V1NetworkPolicy>(existing.Metadata.Name!, existing.Metadata.NamespaceProperty, exactly, cancellationToken);
        _store.ObserveDeleted(existing);
        if (deleted)
        {
            LogWritten("deleted", existing.Metadata.NamespaceProperty, existing.Metadata.Name);
        }
    }

    private void Refuse(SubjectKey key, V1NetworkPolicy desired, PolicyWrites writes, bool isAnothers)
    {
        taken.Add(NamespacedName.Of(desired), key);
        var name = desired.Metadata.Name!;
        writes.Refused(name, isAnothers
            ? Verdict.Failed(Reasons.OwnedByAnother, $"the NetworkPolicy {name} belongs to another installation of Wayleave (declare it in one place, or delete the policy)")
            : Verdict.Failed(Reasons.PolicyNameTaken, $"a NetworkPolicy named {name} that is not Wayleave's is in the way (rename or delete it)"));
    }

    [LoggerMessage(LogLevel.Debug, "NetworkPolicy {ObjectNamespace}/{ObjectName}: {Action}")]
    private partial void LogWritten(string action, string? objectNamespace, string? objectName);
}
