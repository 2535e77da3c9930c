using k8s.Models;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>A contender's client of the <see cref="FakeLeaseServer"/>. It can be slow, fail or hang.</summary>
internal sealed class FakeLeaseClient(FakeLeaseServer server) : FakeKubernetesClient
{
    /// <summary>Runs before every call reaches the server.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs after the server responded to a read.</summary>
    public Action AfterRead { get; set; } = () => { };

    /// <summary>Runs before a write reaches the server.</summary>
    public Action BeforeWrite { get; set; } = () => { };

    public override async Task<TEntity?> GetAsync<TEntity>(string name, string? @namespace, CancellationToken cancellationToken)
        where TEntity : class
    {
        (name, @namespace).ShouldBe(("leader", "system"));
        await Before(cancellationToken);
        var lease = server.Read();
        AfterRead();
        return (TEntity?)(object?)lease;
    }

    public override async Task<TEntity> CreateAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
    {
        await Before(cancellationToken);
        BeforeWrite();
        return (TEntity)(object)server.Create((V1Lease)(object)entity);
    }

    public override async Task<TEntity> PatchAsync<TEntity>(string name, string? @namespace, V1Patch patch, CancellationToken cancellationToken)
    {
        (name, @namespace, patch.Type).ShouldBe(("leader", "system", V1Patch.PatchType.MergePatch));
        await Before(cancellationToken);
        BeforeWrite();
        return (TEntity)(object)server.Patch((string)patch.Content);
    }
}
