namespace Wayleave.Ingest;

/// <summary>
/// Why an endpoint, flow or answer of a batch was removed. What refers to a removed endpoint is removed for the same reason.
/// </summary>
public static class DropReasons
{
    /// <summary>An address has neither 4 nor 16 bytes.</summary>
    public const string InvalidAddress = "invalid_address";

    /// <summary>There are more addresses than <see cref="BatchLimits"/> allows.</summary>
    public const string TooManyAddresses = "too_many_addresses";

    /// <summary>The UID of a Pod is neither empty nor a UID.</summary>
    public const string InvalidPodUid = "invalid_pod_uid";

    /// <summary>The endpoint has neither a UID nor an address, and is not in the network of the node.</summary>
    public const string Unidentified = "unidentified";

    /// <summary>The Pod is not on the node of the sensor.</summary>
    public const string OtherNode = "other_node";

    /// <summary>Several endpoints have the same ID, so that it is not known which of them called.</summary>
    public const string DuplicateId = "duplicate_id";

    /// <summary>No endpoint has the ID of the client.</summary>
    public const string UnknownClient = "unknown_client";

    /// <summary>A port is not within 1 to 65535, or is missing or superfluous.</summary>
    public const string InvalidPort = "invalid_port";

    /// <summary>A time is missing, in the future, or after the time that must follow it.</summary>
    public const string InvalidTime = "invalid_time";

    /// <summary>A name is not a host name in lower case without the final dot.</summary>
    public const string InvalidName = "invalid_name";

    /// <summary>A protocol or source is missing or not known.</summary>
    public const string UnknownValue = "unknown_value";

    public static IReadOnlyList<string> All { get; } =
    [
        InvalidAddress, TooManyAddresses, InvalidPodUid, Unidentified, OtherNode, DuplicateId, UnknownClient, InvalidPort, InvalidTime,
        InvalidName, UnknownValue,
    ];
}
