using k8s.Models;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>One contender's way to the <see cref="FakeLeaseServer"/>, which can be slow, fail or hang.</summary>
internal sealed class FakeLeaseClient(FakeLeaseServer server) : FakeKubernetesClient
{
    /// <summary>What every call does before it reaches the server.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>What every read does after the server answered.</summary>
    public Action AfterRead { get; set; } = () => { };

    /// <summary>What every write does before it reaches the server.</summary>
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
