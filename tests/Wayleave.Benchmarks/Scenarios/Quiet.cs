using System.Globalization;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>
/// When Kubernetes' own controllers have come to rest: they go on with what was deployed, and load the machine, long after the last
/// Deployment was accepted.
/// </summary>
internal static class Quiet
{
    private const long FewChanges = 10;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Returns when the cluster's version has hardly moved for a while. Leases move it all the time.</summary>
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

    // A list that names no version shows the newest, of any kind.
    private static async Task<long> VersionAsync(TestCluster cluster)
    {
        var page = await cluster.Client.ListAsync<V1NetworkPolicy>(new ListOptions { Limit = 1 }, CancellationToken.None);
        return long.Parse(page.Metadata.ResourceVersion!, CultureInfo.InvariantCulture);
    }
}
