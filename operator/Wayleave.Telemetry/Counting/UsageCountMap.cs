using System.Collections.Immutable;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Identity;

namespace Wayleave.Telemetry.Counting;

/// <summary>
/// Counts by key. Immutable, and bounded: beyond <see cref="MaximumErrorOrigins"/> errors are counted without their type, and beyond
/// <see cref="MaximumCommands"/> commands without their modifiers.
/// </summary>
internal sealed record UsageCountMap
{
    /// <summary>The maximum number of pairs of component and exception type at a time.</summary>
    public const int MaximumErrorOrigins = 32;

    /// <summary>The maximum number of commands with different modifiers at a time.</summary>
    public const int MaximumCommands = 32;

    private readonly ImmutableDictionary<UsageKey, long> _counts;

    private UsageCountMap(ImmutableDictionary<UsageKey, long> counts) => _counts = counts;

    public static UsageCountMap None { get; } = new(ImmutableDictionary<UsageKey, long>.Empty);

    public bool IsEmpty => _counts.IsEmpty;

    public long Sum => _counts.Values.Sum();

    public long this[UsageKey key] => _counts.GetValueOrDefault(key);

    public UsageCountMap Add(UsageKey key, long count)
    {
        var bounded = Bound(key);
        return new UsageCountMap(_counts.SetItem(bounded, this[bounded] + count));
    }

    public UsageCountMap Add(UsageCountMap other) =>
        other._counts.Aggregate(this, (sum, entry) => sum.Add(entry.Key, entry.Value));

    /// <summary>The difference to an earlier state.</summary>
    public UsageCountMap Subtract(UsageCountMap earlier) => new(_counts
        .Select(entry => KeyValuePair.Create(entry.Key, entry.Value - earlier[entry.Key]))
        .Where(entry => entry.Value > 0)
        .ToImmutableDictionary());

    /// <summary>By the catalog, then by component and exception type or by command: the same counts always read the same.</summary>
    public IEnumerable<KeyValuePair<UsageKey, long>> InOrder() => _counts
        .OrderBy(entry => UsageCatalog.GetOrdinal(entry.Key.Event))
        .ThenBy(entry => entry.Key.Error?.Component)
        .ThenBy(entry => entry.Key.Error?.Exception.Value, StringComparer.Ordinal)
        .ThenBy(entry => entry.Key.Command?.ToString(), StringComparer.Ordinal);

    private UsageKey Bound(UsageKey key)
    {
        if (_counts.ContainsKey(key))
        {
            return key;
        }

        return key switch
        {
            { Error: { } error } when IsFull(key.Event, MaximumErrorOrigins) =>
                key with { Error = error with { Exception = ExceptionTypeName.Other } },
            { Command: { } command } when IsFull(key.Event, MaximumCommands) => key with { Command = command.WithoutModifiers() },
            _ => key,
        };
    }

    private bool IsFull(UsageEvent usage, int maximum) => _counts.Keys.Count(known => known.Event == usage) >= maximum;
}

/// <summary>The key of a count: an event, for ERRORS also the component and the exception type, and for CLI_COMMAND the command.</summary>
internal sealed record UsageKey(UsageEvent Event, ErrorOrigin? Error = null, CountedCommand? Command = null);

/// <summary>All that is kept of an error.</summary>
internal sealed record ErrorOrigin(ErrorComponent Component, ExceptionTypeName Exception);
