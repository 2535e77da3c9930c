using System.Collections.Immutable;

namespace Wayleave.Telemetry.Catalog;

/// <summary>A kind of object whose coming and going is counted. Instances exist only in <see cref="CountedKindCatalog"/>.</summary>
public sealed class CountedKind
{
    internal CountedKind(string name, UsageEvent deleted, params ImmutableArray<UsageEvent> applied)
    {
        Name = name;
        Deleted = deleted;
        Applied = applied;
    }

    /// <summary>Plural and lower case, as in the ledger's keys.</summary>
    public string Name { get; }

    /// <summary>What is counted as objects are applied. The first is the whole, the others are parts of it.</summary>
    public ImmutableArray<UsageEvent> Applied { get; }

    /// <summary>Counted as an object goes that was applied, by as much as the first of <see cref="Applied"/> says there is of it.</summary>
    public UsageEvent Deleted { get; }

    public override string ToString() => Name;
}
