using k8s.Models;
using Wayleave.Api;
using Wayleave.Observation.Proposals;

namespace Wayleave.Observation.Tests.Proposals;

public sealed class CallFilterTests
{
    private static readonly DateTime _first = new(2026, 2, 1, 10, 40, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(0, -40, true)]
    [InlineData(1, 23 * 60, false)]
    [InlineData(1, 24 * 60, true)]
    public void Without_a_minimum_every_age_is_included(int days, int minutes, bool expected)
    {
        var filter = new CallFilter { MinimumAge = TimeSpan.FromDays(days) };

        filter.Includes(Call(_first.AddMinutes(minutes))).ShouldBe(expected);
    }

    private static SeenCall Call(DateTime last) => SeenMap.Read(
    [
        new ObservedIntents
        {
            Metadata = new V1ObjectMeta { Name = "deployment-checkout", NamespaceProperty = "shop" },
            Workload = new ObservedWorkload { Name = "checkout", Kind = WorkloadKindNames.Deployment },
            Since = _first,
            Calls =
            [
                new ObservedCall
                {
                    Target = new IntentTarget { Kubernetes = new KubernetesTarget { Name = "cart", Kind = WorkloadKindNames.Deployment } },
                    Outcome = ObservedOutcomes.Connected,
                    Sources = [ObservedSources.Tcp],
                    First = _first,
                    Last = last,
                    Connections = "1",
                },
            ],
        },
    ]).Clients.Single().Calls.Single();
}
