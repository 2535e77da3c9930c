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
        PendingUsage usage, ImmutableSortedDictionary<string, long> totals, TelemetryResource resource, DateTimeOffset now) =>
        [.. usage.Counts.InOrder().Select(entry => BuildRecord(entry.Key, entry.Value, usage, totals, resource, now))];

    public static ImmutableArray<RecordAttribute> BuildProfileAttributes(ClusterProfile profile)
    {
        return
        [
            new(UsageAttributeCatalog.Intents, AttributeValue.From(profile.Intents)),
            new(UsageAttributeCatalog.Policies, AttributeValue.From(profile.Policies)),
            new(UsageAttributeCatalog.Clusters, AttributeValue.From(profile.Clusters)),
            new(UsageAttributeCatalog.Namespaces, AttributeValue.From(profile.Namespaces)),
            new(UsageAttributeCatalog.Nodes, AttributeValue.From(profile.Nodes)),
            .. BuildOptional(UsageAttributeCatalog.KubernetesMinor, profile.KubernetesMinor),
            new(UsageAttributeCatalog.OperatingSystem, AttributeValue.From(profile.OperatingSystem)),
            new(UsageAttributeCatalog.Architecture, AttributeValue.From(profile.Architecture)),
            BuildSource(UsageAttributeCatalog.ChangesFromGitOps, ChangeSources.GitOps),
            BuildSource(UsageAttributeCatalog.ChangesFromHelm, ChangeSources.Helm),
            BuildSource(UsageAttributeCatalog.ChangesFromKubectl, ChangeSources.Kubectl),
            BuildSource(UsageAttributeCatalog.ChangesFromOther, ChangeSources.Other),
        ];

        RecordAttribute BuildSource(UsageAttribute attribute, ChangeSources source) =>
            new(attribute, AttributeValue.From(profile.Changes.HasFlag(source)));
    }

    private static UsageRecord BuildRecord(
        UsageKey key, long count, PendingUsage usage, ImmutableSortedDictionary<string, long> totals, TelemetryResource resource,
        DateTimeOffset now)
    {
        var total = key.Event.Total != UsageTotal.None && totals.TryGetValue(key.Event.Type, out var known) ? known : (long?)null;
        return new UsageRecord(
            key.Event,
            now,
            [
                new(UsageAttributeCatalog.EventId, AttributeValue.From(Guid.CreateVersion7(now))),
                new(UsageAttributeCatalog.EventName, AttributeValue.FromName(key.Event)),
                new(UsageAttributeCatalog.EventType, AttributeValue.FromType(key.Event)),
                new(UsageAttributeCatalog.Count, AttributeValue.From(count)),
                .. BuildOptional(UsageAttributeCatalog.Total, total),
                new(UsageAttributeCatalog.ContextId, AttributeValue.From(resource.Context)),
                new(UsageAttributeCatalog.InstanceId, AttributeValue.From(resource.InstanceId)),
                new(UsageAttributeCatalog.ComponentType, AttributeValue.From(key.Event.Emitter)),
                .. key.Event == UsageCatalog.Active ? usage.ClusterProfile : [],
                .. key.Error is { } error ? BuildErrorAttributes(error) : [],
                .. key.Command is { } command ? BuildCommandAttributes(command) : [],
            ]);
    }

    private static ImmutableArray<RecordAttribute> BuildErrorAttributes(ErrorOrigin error) =>
    [
        new(UsageAttributeCatalog.ErrorComponent, AttributeValue.From(error.Component)),
        new(UsageAttributeCatalog.ExceptionType, AttributeValue.From(error.Exception)),
    ];

    private static ImmutableArray<RecordAttribute> BuildCommandAttributes(CountedCommand command) =>
    [
        new(UsageAttributeCatalog.Noun, AttributeValue.FromNoun(command)),
        .. BuildOptional(UsageAttributeCatalog.Verb, AttributeValue.FromVerb(command)),
        .. BuildOptional(UsageAttributeCatalog.Modifiers, AttributeValue.FromModifiers(command)),
    ];

    private static ImmutableArray<RecordAttribute> BuildOptional(UsageAttribute attribute, AttributeValue? value) =>
        value is null ? [] : [new(attribute, value)];

    private static ImmutableArray<RecordAttribute> BuildOptional(UsageAttribute attribute, long? number) =>
        number is { } known ? [new(attribute, AttributeValue.From(known))] : [];
}
