using System.Net;
using System.Text.Json;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Serialization;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Reconciling;

/// <summary>
/// Writes the policies of one subject. An unchanged policy is not written. Updates carry the resourceVersion, so that they never overwrite
/// a concurrent change.
/// </summary>
internal sealed class PolicyWriter(
    IKubernetesClient client, ClusterCache cache, NameConflicts nameConflicts, WriteBackoff<NamespacedName> backoff,
    PolicyWriteRecorder journal)
{
    private readonly IStore<V1NetworkPolicy> _store = cache.Policies.Store;

    /// <param name="key">The subject.</param>
    /// <param name="plan">The desired policies.</param>
    /// <param name="before">The results of the previous reconcile.</param>
    public async Task<PolicyWriteResult> WriteAsync(
        PolicyKey key, PolicyPlan plan, PolicyResults before, CancellationToken cancellationToken)
    {
        var look = new Look(key, before, new PolicySources(plan, before), new PolicyWriteResult());
        List<V1NetworkPolicy> kept = [.. plan.Desired, .. plan.Retained.Where(held => _store.Get(NamespacedName.From(held)) is not null)];
        foreach (var policy in kept)
        {
            await GuardAsync(look, policy, () => EnsureAsync(look, policy, cancellationToken));
        }

        foreach (var existing in _store.ByIndex(Indexers.Server, key.ToString()))
        {
            if (cache.Owner.IsOurs(existing) && !kept.Exists(policy => policy.Metadata.Name == existing.Metadata.Name))
            {
                await GuardAsync(look, existing, () => DeleteAsync(look, existing, cancellationToken));
            }
        }

        look.Writes.Owners = OwnersOf(key);
        return look.Writes;
    }

    private async Task GuardAsync(Look look, V1NetworkPolicy policy, Func<Task> write)
    {
        var name = policy.Metadata.Name!;
        try
        {
            await (look.Writes.IsUnreachable ? throw new TimeoutException("An earlier write timed out.") : write());
        }
        catch (KubernetesException error) when (error.IsConflict)
        {
            look.Writes.MarkConflict(error);
        }
        catch (KubernetesException error) when (IsRefusal(error))
        {
            journal.Refused(policy, look.Sources, error);
            look.Keep(policy);
            var message = $"the API server rejected the NetworkPolicy {name} ({(int)error.StatusCode} {error.StatusCode});"
                + " see the operator's log for the response";
            look.Writes.Failed(name, TargetResult.Pending(Reasons.WriteFailed, message), error);
        }
        catch (Exception error) when (
            error is KubernetesException or HttpRequestException or TimeoutException or JsonException or InvalidDataException)
        {
            look.Keep(policy);
            look.Writes.Unreachable(
                name,
                TargetResult.Pending(Reasons.WriteFailed, "the API server could not be reached, or returned an error; will retry"),
                error);
        }
    }

    private static bool IsRefusal(KubernetesException error) =>
        (int)error.StatusCode is >= 400 and < 500
        && error.StatusCode is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.Unauthorized);

    private Task EnsureAsync(Look look, V1NetworkPolicy desired, CancellationToken cancellationToken)
    {
        var existing = _store.Get(NamespacedName.From(desired));
        switch (cache.Owner.GetAction(existing, desired))
        {
            case PolicyAction.Create:
                return CreateAsync(look, desired, cancellationToken);
            case PolicyAction.Refuse:
                return RefuseAsync(look, desired, existing!, cancellationToken);
            case PolicyAction.None:
                Confirm(look, desired, existing!.Metadata.ResourceVersion);
                return Task.CompletedTask;
            default:
                return UpdateAsync(look, desired, existing!, cancellationToken);
        }
    }

    private async Task CreateAsync(Look look, V1NetworkPolicy desired, CancellationToken cancellationToken)
    {
        var isRepair = look.FindWrittenVersion(desired) is not null;
        if (isRepair && MustWait(look, desired))
        {
            return;
        }

        var created = await client.CreateAsync(cache.Owner.WithMark(desired), cancellationToken);
        CompleteWrite(look, before: null, desired, created, isRepair);
    }

    private async Task UpdateAsync(Look look, V1NetworkPolicy desired, V1NetworkPolicy existing, CancellationToken cancellationToken)
    {
        var isRepair = look.FindWrittenVersion(desired) is { } version && version != existing.Metadata.ResourceVersion;
        if (isRepair && MustWait(look, desired))
        {
            return;
        }

        var marked = cache.Owner.WithMark(desired).Metadata;
        var patch = new JsonPatch(existing.Metadata.ResourceVersion)
            .Set("/metadata/labels", Union(existing.Metadata.Labels, marked.Labels), PartialObjectJson.Default.DictionaryStringString)
            .Set(
                "/metadata/annotations", Union(
                    existing.Metadata.Annotations, marked.Annotations), PartialObjectJson.Default.DictionaryStringString)
            .Set("/spec", desired.Spec!, LibraryObjectJson.Default.V1NetworkPolicySpec)
            .Build();
        var updated = await client.PatchAsync<V1NetworkPolicy>(marked.Name!, marked.NamespaceProperty, patch, cancellationToken);
        CompleteWrite(look, existing, desired, updated, isRepair);
    }

    // Labels and annotations of others stay.
    private static Dictionary<string, string> Union(IDictionary<string, string>? existing, IDictionary<string, string>? desired)
    {
        var all = new Dictionary<string, string>(existing ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        foreach (var (key, value) in desired ?? new Dictionary<string, string>())
        {
            all[key] = value;
        }

        return all;
    }

    private void CompleteWrite(Look look, V1NetworkPolicy? before, V1NetworkPolicy desired, V1NetworkPolicy written, bool isRepair)
    {
        // Compare first, because the store transforms the object.
        var version = PolicyEquality.Matches(written, desired) ? written.Metadata.ResourceVersion : null;
        _store.ApplyLocalWrite(written);
        if (isRepair)
        {
            journal.Restored(before, desired, look.Sources);
        }
        else if (before is null)
        {
            journal.Created(desired, look.Sources);
        }
        else
        {
            journal.Updated(before, desired, look.Sources);
        }

        if (isRepair || version is null)
        {
            Repeat(desired);
        }

        if (version is null)
        {
            ReportAltered(look, NamespacedName.From(desired));
        }
        else
        {
            Confirm(look, desired, version);
        }
    }

    private async Task DeleteAsync(Look look, V1NetworkPolicy existing, CancellationToken cancellationToken)
    {
        // Another writer created it again, or this is the first reconcile.
        var isRepeat = look.FindWrittenVersion(existing) is null;
        if (isRepeat && MustWait(look, existing))
        {
            return;
        }

        var exactly = new V1Preconditions { Uid = existing.Metadata.Uid, ResourceVersion = existing.Metadata.ResourceVersion };
        var deleted = await client.DeleteAsync<V1NetworkPolicy>(
            existing.Metadata.Name!, existing.Metadata.NamespaceProperty, exactly, cancellationToken);
        _store.ApplyLocalDelete(existing);
        if (deleted)
        {
            journal.Deleted(existing, look.Sources);
        }

        if (deleted && isRepeat)
        {
            Repeat(existing);
        }
    }

    private async Task RefuseAsync(Look look, V1NetworkPolicy desired, V1NetworkPolicy existing, CancellationToken cancellationToken)
    {
        var key = NamespacedName.From(desired);
        nameConflicts.Add(key, look.Subject);
        look.Writes.AddRejection(key.Name, cache.Owner.BelongsToOtherInstallation(existing)
            ? TargetResult.Failed(
                Reasons.OwnedByAnother,
                $"the NetworkPolicy {key.Name} belongs to another installation of Wayleave;"
                    + " remove the declaration from one of the two, or delete that policy")
            : TargetResult.Failed(
                Reasons.PolicyNameConflict, $"Wayleave does not manage the existing NetworkPolicy {key.Name}; rename or delete it"));

        // The policy may have been deleted before the conflict was recorded.
        if (_store.Get(key) is null)
        {
            look.Writes.RemoveRejection(key.Name);
            await CreateAsync(look, desired, cancellationToken);
        }
    }

    private bool MustWait(Look look, V1NetworkPolicy policy)
    {
        var key = NamespacedName.From(policy);
        if (backoff.Remaining(key) is var remaining && remaining <= TimeSpan.Zero)
        {
            return false;
        }

        look.Writes.RequeueAfter(remaining);
        look.Keep(policy);
        ReportContested(look, key);
        return true;
    }

    private void Repeat(V1NetworkPolicy policy)
    {
        var key = NamespacedName.From(policy);
        if (backoff.Record(key))
        {
            journal.Repeated(policy, backoff.GetRemainingContention(key) is not null);
        }
    }

    private void Confirm(Look look, V1NetworkPolicy desired, string? version)
    {
        var key = NamespacedName.From(desired);
        look.Writes.MarkUpToDate(key.Name, version);
        ReportContested(look, key);
    }

    // Report the conflict as long as it lasts. Otherwise the status would change with each write.
    private void ReportContested(Look look, NamespacedName key)
    {
        if (backoff.GetRemainingContention(key) is { } calm)
        {
            look.Writes.RequeueAfter(calm);
            look.Writes.AddRejection(key.Name, TargetResult.Pending(
                Reasons.WriteConflict,
                $"another writer keeps changing the NetworkPolicy {key.Name}, which is restored at growing intervals;"
                    + " to find the writer, run:"
                    + $" kubectl get networkpolicy {key.Name} --namespace {key.Namespace} --show-managed-fields --output yaml"));
        }
    }

    // The next reconcile detects the difference and retries.
    private void ReportAltered(Look look, NamespacedName key)
    {
        look.Writes.MarkUpToDate(key.Name, resourceVersion: null);
        look.Writes.RequeueAfter(backoff.Remaining(key));
        look.Writes.AddRejection(key.Name, TargetResult.Pending(
            Reasons.WriteConflict,
            $"the API server stores the NetworkPolicy {key.Name} with changed content; find the admission webhook that changes it"));
    }

    private OwningInstallations OwnersOf(PolicyKey key)
    {
        var subject = key.ToString();
        var owners = new OwningInstallations(_store.ByIndex(Indexers.Server, subject).Any(cache.Owner.HasOurMark), Other: null);
        foreach (var policy in _store.ByIndex(Indexers.OtherInstallation, subject))
        {
            journal.ReportSkipped(policy);
            owners = owners.With(new OwningInstallations(IsOwn: false, PolicyOwner.ReadMark(policy)));
        }

        return owners;
    }

    /// <summary>One look at one subject.</summary>
    private sealed record Look(PolicyKey Subject, PolicyResults Before, PolicySources Sources, PolicyWriteResult Writes)
    {
        /// <summary>The resourceVersion in which the policy was up to date at the previous reconcile. Null if it was not.</summary>
        public string? FindWrittenVersion(V1NetworkPolicy policy)
        {
            foreach (var written in Before.Policies)
            {
                if (written.Name == policy.Metadata.Name)
                {
                    return written.ResourceVersion;
                }
            }

            return null;
        }

        /// <summary>The policy was not written: what was found of it at the last look still holds at the next.</summary>
        public void Keep(V1NetworkPolicy policy)
        {
            if (FindWrittenVersion(policy) is { } version)
            {
                Writes.MarkUpToDate(policy.Metadata.Name!, version);
            }
        }
    }
}
