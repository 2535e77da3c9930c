using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Caching;

using Wayleave.Operator.Permissions;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Clusters;

/// <summary>
/// A running member cluster with its own connection, caches, queues and workers. Only the declarations are shared with other clusters.
/// </summary>
internal sealed class MemberCluster(ClusterComponents components, MemberConnection connection) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _work = Task.CompletedTask;

    public required string Name { get; init; }

    /// <summary>The UID of kube-system there, when it was connected to.</summary>
    public required string? ConnectedUid { get; init; }

    /// <summary>The credentials in use. Replaced when the Secret changes.</summary>
    public required ClusterCredentials Credentials { get; set; }

    public IKubernetesClient Client => connection.Client;

    public ClusterCache Cache => components.Cache;

    public ResultStore Results => components.Results;

    public required FilteredStore<ClientIntents> Intents { get; init; }

    public required FilteredStore<ProtectedService> Protections { get; init; }

    public required FilteredStore<EnforcementPolicy> Enforcements { get; init; }

    /// <summary>The UID of kube-system there: another one if the cluster was replaced.</summary>
    public string? Uid => Cache.ClusterUid ?? ConnectedUid;

    /// <summary>Whether all its caches have synced.</summary>
    public bool HasSynced { get; private set; }

    /// <summary>The error that ended its informers or controllers. Null while they run.</summary>
    public Exception? Failure => _work.Exception?.GetBaseException();

    /// <summary>Starts the informers, then the controllers.</summary>
    /// <param name="served">What its API server serves.</param>
    /// <param name="changed">Called when the caches have synced. A failure is reported by the next health check.</param>
    public void Start(ApiCapabilities served, Action changed) =>
        _work = Task.Run(() => RunAsync(Cache.Informers(served), changed), CancellationToken.None);

    /// <summary>Ends the work, within what one request takes, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _work.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await components.DisposeAsync();
        connection.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync(IReadOnlyList<IInformer> informers, Action changed)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var reading = informers.Select(informer => EndingAsync(informer.RunAsync(ending.Token), ending)).ToList();
        try
        {
            await Task.WhenAll(informers.Select(informer => informer.WaitForSyncAsync(ending.Token)));
            HasSynced = true;
            components.Changes.EnqueueAll();
            changed();
            await Task.WhenAll(components.Controllers.Select(controller => controller.RunAsync(ending.Token, ending.Token)));
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Stopped, or an informer failed. In the second case the next line throws.
        }

        await Task.WhenAll(reading);
    }

    // A cache that is no longer updated must not be used for decisions.
    private static async Task EndingAsync(Task reading, CancellationTokenSource ending)
    {
        try
        {
            await reading;
        }
        finally
        {
            await ending.CancelAsync();
        }
    }
}

/// <summary>A connection to a member cluster, with or without a running member.</summary>
internal sealed record MemberConnection(IDisposable Connection, IKubernetesClient Client) : IDisposable
{
    public void Dispose() => Connection.Dispose();
}

/// <summary>Creates member clusters.</summary>
internal interface IMemberFactory
{
    /// <summary>Sends nothing yet.</summary>
    MemberConnection Connect(ClusterCredentials credentials);

    /// <summary>Creates a member. It does nothing until it is started, and disposes the connection.</summary>
    MemberCluster Create(string name, string? uid, ClusterCredentials credentials, MemberConnection connection);
}

/// <summary>Checks the permissions of the credentials in a member cluster, except reading kube-system, which is tried directly.</summary>
internal static class MemberPermissions
{
    /// <summary>The first that is missing, in words; null when none is.</summary>
    public static async Task<string?> FirstMissingAsync(IKubernetesClient client, CancellationToken cancellationToken)
    {
        foreach (var asked in OperatorPermissions.Enforcement.SelectMany(Each))
        {
            var review = new V1SelfSubjectAccessReview { Spec = new V1SelfSubjectAccessReviewSpec { ResourceAttributes = asked } };
            if ((await client.CreateAsync(review, cancellationToken)).Status?.Allowed != true)
            {
                return $"{asked.Verb} {asked.Resource}{(asked.Group is { Length: > 0 } group ? $".{group}" : "")}";
            }
        }

        return null;
    }

    private static IEnumerable<V1ResourceAttributes> Each(Permission permission) =>
        from resource in permission.Resources
        from verb in permission.Verbs
        select new V1ResourceAttributes { Group = permission.Group, Resource = resource, Verb = verb };
}
