using System.Collections.Immutable;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Profile;

namespace Wayleave.Telemetry.Records;

/// <summary>Makes records of counts. Apart from the random part of the event ids, pure.</summary>
internal static class RecordBuilder
{
    /// <summary>One record for each key, in the order of the catalog.</summary>
    public static ImmutableArray<UsageRecord> Build(
        PendingUsage usage, ImmutableSortedDictionary<string, long> totals, TelemetryResource origin, DateTimeOffset now) =>
        [.. usage.Counts.InOrder().Select(entry => Build(entry.Key, entry.Value, usage.Shape, totals, origin, now))];

    public static ImmutableArray<RecordAttribute> Describe(ClusterProfile shape)
    {
        var attributes = ImmutableArray.CreateBuilder<RecordAttribute>();
        attributes.Add(new(UsageAttributeCatalog.Intents, AttributeValue.From(shape.Intents)));
        attributes.Add(new(UsageAttributeCatalog.Policies, AttributeValue.From(shape.Policies)));
        attributes.Add(new(UsageAttributeCatalog.Clusters, AttributeValue.From(shape.Clusters)));
        attributes.Add(new(UsageAttributeCatalog.Namespaces, AttributeValue.From(shape.Namespaces)));
        attributes.Add(new(UsageAttributeCatalog.Nodes, AttributeValue.From(shape.Nodes)));
        if (shape.KubernetesMinor is { } minor)
        {
            attributes.Add(new(UsageAttributeCatalog.KubernetesMinor, AttributeValue.From(minor)));
        }

        attributes.Add(new(UsageAttributeCatalog.OperatingSystem, AttributeValue.From(shape.OperatingSystem)));
        attributes.Add(new(UsageAttributeCatalog.Architecture, AttributeValue.From(shape.Architecture)));
        attributes.Add(Source(UsageAttributeCatalog.ChangesFromGitOps, ChangeSources.GitOps));
        attributes.Add(Source(UsageAttributeCatalog.ChangesFromHelm, ChangeSources.Helm));
        attributes.Add(Source(UsageAttributeCatalog.ChangesFromKubectl, ChangeSources.Kubectl));
        attributes.Add(Source(UsageAttributeCatalog.ChangesFromOther, ChangeSources.Other));
        return attributes.ToImmutable();

        RecordAttribute Source(UsageAttribute attribute, ChangeSources source) =>
            new(attribute, AttributeValue.From(shape.Changes.HasFlag(source)));
    }

    private static UsageRecord Build(
        UsageKey key,
        long count,
        ImmutableArray<RecordAttribute> shape,
        ImmutableSortedDictionary<string, long> totals,
        TelemetryResource origin,
        DateTimeOffset now)
    {
        var attributes = ImmutableArray.CreateBuilder<RecordAttribute>();
        attributes.Add(new(UsageAttributeCatalog.EventId, AttributeValue.From(Guid.CreateVersion7(now))));
        attributes.Add(new(UsageAttributeCatalog.EventName, AttributeValue.NameOf(key.Event)));
        attributes.Add(new(UsageAttributeCatalog.EventType, AttributeValue.TypeOf(key.Event)));
        attributes.Add(new(UsageAttributeCatalog.Count, AttributeValue.From(count)));
        if (key.Event.Total != UsageTotal.None && totals.TryGetValue(key.Event.Type, out var total))
        {
            attributes.Add(new(UsageAttributeCatalog.Total, AttributeValue.From(total)));
        }

        attributes.Add(new(UsageAttributeCatalog.ContextId, AttributeValue.From(origin.Context)));
        attributes.Add(new(UsageAttributeCatalog.InstanceId, AttributeValue.From(origin.InstanceId)));
        attributes.Add(new(UsageAttributeCatalog.ComponentType, AttributeValue.From(ComponentType.Operator)));
        attributes.AddRange(Specific(key, shape));
        return new UsageRecord(key.Event, now, attributes.ToImmutable());
    }

    private static ImmutableArray<RecordAttribute> Specific(UsageKey key, ImmutableArray<RecordAttribute> shape)
    {
        if (key.Error is { } error)
        {
            return
            [
                new(UsageAttributeCatalog.ErrorComponent, AttributeValue.From(error.Component)),
                new(UsageAttributeCatalog.ExceptionType, AttributeValue.From(error.Exception)),
            ];
        }

        return key.Event == UsageCatalog.Active ? shape : [];
    }
}
