using System.Security.Cryptography;
using System.Text;
using Wayleave.Observation.Resolution;

namespace Wayleave.Observation.Maps;

/// <summary>Names of ObservedIntents and of the targets in them.</summary>
internal static class ObjectNames
{
    private const int LongestName = 253;

    /// <summary>The name of the object of a workload: <c>deployment-checkout</c>. One that is too long is cut and gets a hash.</summary>
    public static string ForWorkload(WorkloadKey workload) =>
        Shorten($"{workload.Kind.ToLowerInvariant()}-{workload.Name}", hashLength: 10);

    /// <summary>A name that an object can have: one that is too long is cut and gets a hash.</summary>
    public static string Shorten(string name, int hashLength)
    {
        if (name.Length <= LongestName)
        {
            return name;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..hashLength];
        return $"{name[..(LongestName - hashLength - 1)].TrimEnd('-', '.')}-{hash}";
    }

    /// <summary>
    /// The name as a declaration in a namespace has it: without its namespace if it is the same, unless it contains a dot.
    /// </summary>
    public static string ToReference(string @namespace, string name, string from) =>
        @namespace == from && !name.Contains('.', StringComparison.Ordinal) ? name : $"{name}.{@namespace}";

    /// <summary>Parses a name that <see cref="ToReference"/> returned.</summary>
    public static (string Namespace, string Name) ParseReference(string text, string from)
    {
        var dot = text.LastIndexOf('.');
        return dot < 0 ? (from, text) : (text[(dot + 1)..], text[..dot]);
    }
}

/// <summary>Numbers of connections, rounded down to a power of ten. A busy call then changes its object a few times only.</summary>
internal static class ConnectionBuckets
{
    // The longest text that the schema allows has seven digits and a plus.
    private const long Largest = 1_000_000;

    /// <summary><c>0</c>, <c>1</c>, <c>10+</c>, <c>100+</c>, up to <c>1000000+</c>.</summary>
    public static string Format(long connections)
    {
        var bucket = 1L;
        while (bucket < Largest && bucket * 10 <= connections)
        {
            bucket *= 10;
        }

        return bucket > 1 ? $"{bucket}+" : connections > 0 ? "1" : "0";
    }

    /// <summary>The smallest number of a bucket.</summary>
    public static long Parse(string text) => long.TryParse(text.TrimEnd('+'), out var number) && number >= 0 ? number : 1;
}
