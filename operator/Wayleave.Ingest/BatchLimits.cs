namespace Wayleave.Ingest;

/// <summary>What a batch may have. A sensor stays within it, because a batch beyond it is refused as a whole.</summary>
public static class BatchLimits
{
    /// <summary>The highest version of the format that is known.</summary>
    public const uint Schema = 1;

    /// <summary>The size of the body of a request.</summary>
    public const int BodyBytes = 1 << 20;

    /// <summary>The size of a batch that is not compressed.</summary>
    public const int BatchBytes = 8 << 20;

    public const int Endpoints = 4_096;

    public const int Flows = 32_768;

    public const int Answers = 16_384;

    /// <summary>The addresses of one endpoint. The node itself has many.</summary>
    public const int EndpointAddresses = 256;

    /// <summary>The addresses of one answer.</summary>
    public const int AnswerAddresses = 64;

    /// <summary>The length of the version of the program.</summary>
    public const int VersionLength = 128;

    /// <summary>How far the clock of the sensor may be ahead.</summary>
    public static readonly TimeSpan ClockAhead = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How old a batch may be. It is resent until it is acknowledged, so it grows old while the mapper is away; after this time the mapper
    /// no longer knows who had its addresses.
    /// </summary>
    public static readonly TimeSpan Age = TimeSpan.FromMinutes(30);

    /// <summary>Which list has too many entries. Null if none has.</summary>
    internal static string? FindExcess(int endpoints, int flows, int answers) =>
        Describe("endpoints", endpoints, Endpoints) ?? Describe("flows", flows, Flows) ?? Describe("answers", answers, Answers);

    private static string? Describe(string field, int count, int limit) =>
        count > limit ? $"{field}: {count} entries; send at most {limit} in a batch" : null;
}
