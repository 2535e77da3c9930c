using Microsoft.Extensions.DependencyInjection;
using Wayleave.Operator.Clusters;

namespace Wayleave.Operator.Tests.Meaning.Running;

/// <summary>Finds a part of the operator by its type: a service, or a component of the local cluster.</summary>
internal static class ComponentLookup
{
    public static T Part<T>(this IServiceProvider services)
        where T : class => services.GetService<T>() ?? OfLocalCluster<T>(services.GetRequiredService<ClusterComponents>());

    private static T OfLocalCluster<T>(ClusterComponents local) =>
        (T)typeof(ClusterComponents).GetProperties().Single(property => property.PropertyType == typeof(T)).GetValue(local)!;
}
