using System.Runtime.InteropServices;
using Wayleave.Api;
using Wayleave.Telemetry.Catalogue;
using Wayleave.Telemetry.Counting;

namespace Wayleave.Operator.Reconciling;

/// <summary>How many targets there are, in all and of the types that are counted apart.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IntentCounts(int All, int Kafka, int Http, int Database, int Internet)
{
    public static IntentCounts Of(ClientIntents intents)
    {
        var targets = intents.Spec.Targets;
        return new IntentCounts(
            targets.Count,
            targets.Count(target => target?.Kafka is not null),
            targets.Count(target => target?.Kubernetes?.Http is { Count: > 0 }),
            targets.Count(target => target?.Sql is not null),
            targets.Count(target => target?.Internet is not null));
    }

    public static IntentCounts operator +(IntentCounts left, IntentCounts right) => new(
        left.All + right.All, left.Kafka + right.Kafka, left.Http + right.Http, left.Database + right.Database, left.Internet + right.Internet);

    public static IntentCounts operator -(IntentCounts left, IntentCounts right) => new(
        left.All - right.All, left.Kafka - right.Kafka, left.Http - right.Http, left.Database - right.Database, left.Internet - right.Internet);

    /// <summary>Counts these as newly applied.</summary>
    public void AddTo(IUsageCounter usage)
    {
        usage.Add(UsageCatalogue.IntentsApplied, All);
        usage.Add(UsageCatalogue.IntentsAppliedKafka, Kafka);
        usage.Add(UsageCatalogue.IntentsAppliedHttp, Http);
        usage.Add(UsageCatalogue.IntentsAppliedDatabase, Database);
        usage.Add(UsageCatalogue.IntentsAppliedInternet, Internet);
    }

    /// <summary>Says that there are these now.</summary>
    public void SetTotalsOf(IUsageCounter usage)
    {
        usage.SetTotal(UsageCatalogue.IntentsApplied, All);
        usage.SetTotal(UsageCatalogue.IntentsAppliedKafka, Kafka);
        usage.SetTotal(UsageCatalogue.IntentsAppliedHttp, Http);
        usage.SetTotal(UsageCatalogue.IntentsAppliedDatabase, Database);
        usage.SetTotal(UsageCatalogue.IntentsAppliedInternet, Internet);
    }
}
