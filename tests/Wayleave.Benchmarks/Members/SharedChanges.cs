using System.Diagnostics;
using System.Globalization;
using k8s.Models;
using Wayleave.Benchmarks.Scenarios;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Members;

/// <summary>Changes one ClientIntents for the hub and its members, and measures when each change arrives in the hub and in one member.</summary>
internal sealed class SharedChanges : IAsyncDisposable
{
    private const string Policy = "wayleave-deployment-cart-ingress";
    private readonly TestCluster _hub;
    private readonly string _namespace;
    private readonly ChangeWatch<V1NetworkPolicy> _here;
    private readonly ChangeWatch<V1NetworkPolicy> _there;
    private int _port = 10_000;

    private SharedChanges(TestCluster hub, TestCluster member, string @namespace)
    {
        _hub = hub;
        _namespace = @namespace;
        _here = new ChangeWatch<V1NetworkPolicy>(hub, @namespace);
        _there = new ChangeWatch<V1NetworkPolicy>(member, @namespace);
    }

    /// <summary>Returns when the first change has arrived in both.</summary>
    public static async Task<SharedChanges> StartAsync(TestCluster hub, TestCluster member, string @namespace)
    {
        var changes = new SharedChanges(hub, member, @namespace);
        await changes.ApplyAsync();
        await Task.WhenAll(changes._here.NextAsync(Policy), changes._there.NextAsync(Policy));
        return changes;
    }

    /// <returns>The times in milliseconds, in ascending order.</returns>
    public async Task<IReadOnlyList<(string Where, IReadOnlyList<double> Times)>> MeasureAsync(int count)
    {
        List<double> here = [];
        List<double> there = [];
        for (var i = 0; i < count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await ApplyAsync();
            var seen = await Task.WhenAll(_here.NextAsync(Policy), _there.NextAsync(Policy));
            here.Add(Stopwatch.GetElapsedTime(started, seen[0]).TotalMilliseconds);
            there.Add(Stopwatch.GetElapsedTime(started, seen[1]).TotalMilliseconds);
        }

        here.Sort();
        there.Sort();
        return [("hub", here), ("other member", there)];
    }

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        await _there.DisposeAsync();
    }

    private Task ApplyAsync()
    {
        var targets = string.Create(CultureInfo.InvariantCulture, $"[{{kubernetes: {{name: cart, ports: [{_port++}]}}}}]");
        return _hub.ApplyAsync(Yaml.In("{names: [local], selector: {}}", Yaml.Intents(_namespace, "checkout", targets)));
    }
}
