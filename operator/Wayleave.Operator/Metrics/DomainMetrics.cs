using System.Diagnostics.Metrics;

namespace Wayleave.Operator.Metrics;

/// <summary>Counts DNS lookups. The names are not labels: there may be thousands, and they say whom a team talks to.</summary>
internal sealed class DomainMetrics
{
    private readonly Counter<long> _lookups;

    public DomainMetrics(IMeterFactory meters)
    {
        _lookups = meters.Create(OperatorMetrics.MeterName).CreateCounter<long>(
            "wayleave_domain_lookups_total", description: "Lookups of domains of internet targets, by result: answered or failed.");
        Count(answered: true, 0);
        Count(answered: false, 0);
    }

    public void LookedUp(bool answered) => Count(answered, 1);

    private void Count(bool answered, int lookups) =>
        _lookups.Add(lookups, new KeyValuePair<string, object?>("result", answered ? "answered" : "failed"));
}
