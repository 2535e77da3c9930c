using System.Net;
using System.Text.Json;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>Accepts Events, or fails with the error that a test sets.</summary>
internal sealed class FakeEventApi : FakeKubernetesClient
{
    public List<Eventsv1Event> Created { get; } = [];

    /// <summary>Namespace, name and body of every patch.</summary>
    public List<(string? Namespace, string Name, Eventsv1Event Change)> Patches { get; } = [];

    /// <summary>Names of Events that no longer exist.</summary>
    public HashSet<string> Expired { get; } = [];

    public Func<Exception?> Error { get; set; } = () => null;

    public Task Ready { get; set; } = Task.CompletedTask;

    public override async Task<TEntity> CreateAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
    {
        await Ready.WaitAsync(cancellationToken);
        Created.Add(Error() is { } error ? throw error : (Eventsv1Event)(object)entity);
        return entity;
    }

    public override async Task<TEntity> PatchAsync<TEntity>(string name, string? @namespace, V1Patch patch, CancellationToken cancellationToken)
    {
        await Ready.WaitAsync(cancellationToken);
        if (Expired.Contains(name))
        {
            throw ApiErrors.Create(new V1Status { Reason = "NotFound" }, HttpStatusCode.NotFound);
        }

        var change = JsonSerializer.Deserialize((string)patch.Content, SourceGenerationContext.Default.Eventsv1Event)!;
        Patches.Add(Error() is { } error ? throw error : (@namespace, name, change));
        return (TEntity)(object)change;
    }
}
