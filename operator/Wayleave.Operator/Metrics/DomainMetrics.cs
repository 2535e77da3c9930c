using System.Diagnostics.Metrics;

namespace Wayleave.Operator.Metrics;

/// <summary>Counts DNS lookups. The names are not labels: there may be thousands, and they say whom a team talks to.</summary>
internal sealed class DomainMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _lookups = meters.Create("Wayleave.Operator").CreateCounter<long>(
        "wayleave_domain_lookups_total", description: "Lookups of domains of internet targets, by result: answered or failed.");

    public void LookedUp(bool answered) => _lookups.Add(1, new KeyValuePair<string, object?>("result", answered ? "answered" : "failed"));
}
