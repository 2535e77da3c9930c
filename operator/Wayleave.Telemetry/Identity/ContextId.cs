using System.Security.Cryptography;
using System.Text;

namespace Wayleave.Telemetry.Identity;

/// <summary>
/// The anonymous id of a cluster: 64 lowercase hexadecimal digits. It cannot be turned back into the UID that it is made from
/// (a random 122-bit number), and another product that hashes the same UID gets another id.
/// </summary>
public sealed record ContextId
{
    /// <summary>The salt. It is public, so that an administrator can compute the ID of a cluster.</summary>
    public const string Salt = "wayleave.dev/context-id/v1:";

    private const int Digits = 64;

    private ContextId(string value) => Value = value;

    public string Value { get; }

    /// <param name="uid">The UID of the namespace <c>kube-system</c>, as the API server gives it.</param>
    public static ContextId FromClusterUid(string uid)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(uid);
        return new ContextId(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Salt + uid))));
    }

    /// <summary>An id for a cluster whose UID cannot be read: 256 random bits, which the ledger keeps.</summary>
    public static ContextId CreateRandom() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Digits / 2)));

    /// <summary>Null unless <paramref name="text"/> is exactly 64 lowercase hexadecimal digits.</summary>
    public static ContextId? ParseOrNull(string? text) =>
        text is { Length: Digits } && text.All(char.IsAsciiHexDigitLower) ? new ContextId(text) : null;

    public override string ToString() => Value;
}

/// <summary>Where the id of the cluster comes from. Asked at each start of a session and kept for its length.</summary>
public interface IContextIdSource
{
    /// <summary>
    /// Null if the cluster's UID may never be read (forbidden): a random id is used instead. An exception means "not now": nothing is
    /// sent until a later call succeeds.
    /// </summary>
    Task<ContextId?> ReadAsync(CancellationToken cancellationToken);
}
