using System.Globalization;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>
/// Waits until Kubernetes' own controllers are idle. They process Deployments, and load the machine, long after the API server accepted the
/// last one.
/// </summary>
internal static class Quiet
{
    private const long FewChanges = 10;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Returns when the resource version of the cluster has hardly changed in an interval. Leases change it all the time.</summary>
    public static async Task ReachedAsync(TestCluster cluster)
    {
        var before = await VersionAsync(cluster);
        while (true)
        {
            await Task.Delay(Interval);
            var now = await VersionAsync(cluster);
            if (now - before < FewChanges)
            {
                return;
            }

            before = now;
        }
    }

    // A list without a resource version returns the newest one of the cluster, whichever kind it lists.
    private static async Task<long> VersionAsync(TestCluster cluster)
    {
        var page = await cluster.Client.ListAsync<V1NetworkPolicy>(new ListOptions { Limit = 1 }, CancellationToken.None);
        return long.Parse(page.Metadata.ResourceVersion!, CultureInfo.InvariantCulture);
    }
}
