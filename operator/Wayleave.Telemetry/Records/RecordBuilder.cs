using System.Collections.Immutable;
using Wayleave.Telemetry.Active;
using Wayleave.Telemetry.Catalogue;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Ledgers;

namespace Wayleave.Telemetry.Records;

/// <summary>Makes records of counts. Apart from the random part of the event ids, pure.</summary>
internal static class RecordBuilder
{
    /// <summary>One record for each key, in the order of the catalogue.</summary>
    public static ImmutableArray<UsageRecord> Build(
        PendingUsage usage, ImmutableSortedDictionary<string, long> totals, RecordOrigin origin, DateTimeOffset now) =>
        [.. usage.Counts.InOrder().Select(entry => Build(entry.Key, entry.Value, usage.Shape, totals, origin, now))];

    public static ImmutableArray<RecordAttribute> Describe(ActiveShape shape)
    {
        var attributes = ImmutableArray.CreateBuilder<RecordAttribute>();
        attributes.Add(new(UsageAttributes.Intents, AttributeValue.From(shape.Intents)));
        attributes.Add(new(UsageAttributes.Policies, AttributeValue.From(shape.Policies)));
        attributes.Add(new(UsageAttributes.Clusters, AttributeValue.From(shape.Clusters)));
        attributes.Add(new(UsageAttributes.Namespaces, AttributeValue.From(shape.Namespaces)));
        attributes.Add(new(UsageAttributes.Nodes, AttributeValue.From(shape.Nodes)));
        if (shape.KubernetesMinor is { } minor)
        {
            attributes.Add(new(UsageAttributes.KubernetesMinor, AttributeValue.From(minor)));
        }

        attributes.Add(new(UsageAttributes.OperatingSystem, AttributeValue.From(shape.OperatingSystem)));
        attributes.Add(new(UsageAttributes.Architecture, AttributeValue.From(shape.Architecture)));
        attributes.Add(Source(UsageAttributes.ChangesFromGitOps, ChangeSources.GitOps));
        attributes.Add(Source(UsageAttributes.ChangesFromHelm, ChangeSources.Helm));
        attributes.Add(Source(UsageAttributes.ChangesFromKubectl, ChangeSources.Kubectl));
        attributes.Add(Source(UsageAttributes.ChangesFromOther, ChangeSources.Other));
        return attributes.ToImmutable();

        RecordAttribute Source(UsageAttribute attribute, ChangeSources source) =>
            new(attribute, AttributeValue.From(shape.Changes.HasFlag(source)));
    }

    private static UsageRecord Build(
        UsageKey key,
        long count,
        ImmutableArray<RecordAttribute> shape,
        ImmutableSortedDictionary<string, long> totals,
        RecordOrigin origin,
        DateTimeOffset now)
    {
        var attributes = ImmutableArray.CreateBuilder<RecordAttribute>();
        attributes.Add(new(UsageAttributes.EventId, AttributeValue.From(Guid.CreateVersion7(now))));
        attributes.Add(new(UsageAttributes.EventName, AttributeValue.NameOf(key.Event)));
        attributes.Add(new(UsageAttributes.EventType, AttributeValue.TypeOf(key.Event)));
        attributes.Add(new(UsageAttributes.Count, AttributeValue.From(count)));
        if (key.Event.Total != UsageTotal.None && totals.TryGetValue(key.Event.Type, out var total))
        {
            attributes.Add(new(UsageAttributes.Total, AttributeValue.From(total)));
        }

        attributes.Add(new(UsageAttributes.ContextId, AttributeValue.From(origin.Context)));
        attributes.Add(new(UsageAttributes.InstanceId, AttributeValue.From(origin.InstanceId)));
        attributes.Add(new(UsageAttributes.ComponentType, AttributeValue.From(ComponentType.Operator)));
        attributes.AddRange(Specific(key, shape));
        return new UsageRecord(key.Event, now, attributes.ToImmutable());
    }

    private static ImmutableArray<RecordAttribute> Specific(UsageKey key, ImmutableArray<RecordAttribute> shape)
    {
        if (key.Error is { } error)
        {
            return
            [
                new(UsageAttributes.ErrorComponent, AttributeValue.From(error.Component)),
                new(UsageAttributes.ExceptionType, AttributeValue.From(error.Exception)),
            ];
        }

        return key.Event == UsageCatalogue.Active ? shape : [];
    }
}
