using System.Collections.Immutable;

namespace Wayleave.Telemetry.Objects;

/// <summary>What the state of one object says of how it was used. Both lists are in the order of the kind's applied events.</summary>
/// <param name="Applied">How much was ever applied of it; never falls while telemetry is on.</param>
/// <param name="Current">How much is applied of it now.</param>
public sealed record ObjectUsage(ImmutableArray<long> Applied, ImmutableArray<long> Current)
{
    /// <summary>Without the zeros at its end, so that what says the same is the same.</summary>
    public ImmutableArray<long> Applied { get; } = Trim(Applied);

    /// <summary>Without the zeros at its end.</summary>
    public ImmutableArray<long> Current { get; } = Trim(Current);

    /// <summary>Never applied.</summary>
    public static ObjectUsage None { get; } = new([], []);

    /// <summary>Applied, of a kind that is counted by the object.</summary>
    public static ObjectUsage Once { get; } = new([1], [1]);

    public bool IsNone => Applied.IsEmpty && Current.IsEmpty;

    public long AppliedOf(int index) => index < Applied.Length ? Applied[index] : 0;

    public long CurrentOf(int index) => index < Current.Length ? Current[index] : 0;

    public bool Equals(ObjectUsage? other) =>
        other is not null && Applied.AsSpan().SequenceEqual(other.Applied.AsSpan()) && Current.AsSpan().SequenceEqual(other.Current.AsSpan());

    public override int GetHashCode() => HashCode.Combine(AppliedOf(0), CurrentOf(0));

    private static ImmutableArray<long> Trim(ImmutableArray<long> values)
    {
        var length = values.Length;
        while (length > 0 && values[length - 1] == 0)
        {
            length--;
        }

        return length == values.Length ? values : values[..length];
    }
}
