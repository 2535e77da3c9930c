using k8s;
using k8s.Models;
using Wayleave.Api;

namespace Wayleave.Operator.Tests.Meaning.Steps;

/// <summary>Smaller objects, to find out which part of an object causes a failure.</summary>
internal static class Shrinking
{
    public static IEnumerable<TEntity> Smaller<TEntity>(TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => entity switch
        {
            ClientIntents intents => Smaller(intents).Cast<TEntity>(),
            _ => [],
        };

    private static IEnumerable<ClientIntents> Smaller(ClientIntents intents) =>
        intents.Spec.Targets.Count < 2 ? [] : intents.Spec.Targets.Select(left => new ClientIntents
        {
            Metadata = intents.Metadata,
            Spec = new ClientIntentsSpec
            {
                Workload = intents.Spec.Workload,
                Clusters = intents.Spec.Clusters,
                Targets = [.. intents.Spec.Targets.Where(target => !ReferenceEquals(target, left))],
            },
        });
}
