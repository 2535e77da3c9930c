using Wayleave.Testing.Exactness;

namespace Wayleave.Chaos.Checks;

/// <summary>Checks that the collector received exactly the counts in etcd's history. A duplicate record counts once.</summary>
internal sealed class TelemetryCheck(World world) : Check
{
    private readonly UsageTruth _truth = new();
    private long _next = 1;

    public override string Name => "things counted exactly";

    public override async Task<string?> ProblemAsync()
    {
        foreach (var change in await world.History.ReadAsync(_next))
        {
            _truth.Take(change);
            _next = Math.Max(_next, change.Revision + 1);
        }

        var received = ReceivedUsage.Of(world.Collector);
        var wrong = _truth.Counts.Keys.Union(received.Keys).Where(type => _truth.Counts.GetValueOrDefault(type) != received.GetValueOrDefault(type)).ToList();
        Count = wrong.Count == 0 ? _truth.Counts.Values.Sum() : Count;
        return wrong.Count == 0 ? null : string.Join(", ", wrong.Select(type => $"{type} is {_truth.Counts.GetValueOrDefault(type)} but the collector received {received.GetValueOrDefault(type)}"));
    }
}
