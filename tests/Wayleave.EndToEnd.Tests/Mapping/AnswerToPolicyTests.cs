using System.Diagnostics;
using k8s.Models;
using Wayleave.EndToEnd.Tests.Lifecycle;
using Wayleave.Testing.Operators;
using Xunit.Abstractions;

namespace Wayleave.EndToEnd.Tests.Mapping;

/// <summary>From an answer of DNS that a sensor reports to the egress policy, through the mapper and the operator.</summary>
public sealed class AnswerToPolicyTests(ITestOutputHelper output) : IAsyncLifetime
{
    private MappedCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await MappedCluster.StartAsync();

    public Task DisposeAsync() => _cluster.DisposeAsync().AsTask();

    [Fact]
    public async Task Opens_each_new_name_below_a_wildcard()
    {
        await using var scene = await _cluster.SetSceneAsync();
        await using var mapper = await _cluster.StartMapperAsync();
        await scene.Cluster.ApplyAsync(Yaml.Enforcement("strict", "{mode: Enforce, egress: true}"));
        var checkout = await _cluster.CreatePodAsync(scene.Namespace, "checkout", "10.1.9.1");
        await mapper.UntilKnownAsync(checkout);
        await scene.StartReadyAsync("--observed-intents", LifecycleCluster.NoTelemetry);
        await scene.DeclareAsync("checkout", "[{internet: {domains: ['*.example.com']}}]");
        await scene.Cluster.WaitForAsync<V1NetworkPolicy>("the policy", scene.Namespace, "wayleave-pod-checkout-egress", policy => ObservedDomainTests.Ranges(policy).Count == 0);

        List<string> ranges = [];
        for (var number = 1; number <= 5; number++)
        {
            var started = Stopwatch.GetTimestamp();
            mapper.SendAnswer(checkout, $"n{number}.example.com", $"203.0.113.{number}");
            ranges.Add($"203.0.113.{number}/32");
            await scene.Cluster.WaitForAsync<V1NetworkPolicy>(
                "the policy", scene.Namespace, "wayleave-pod-checkout-egress", policy => ObservedDomainTests.Ranges(policy).SequenceEqual(ranges));
            output.WriteLine($"Answer {number} was in the policy after {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s.");
        }
    }
}
