using System.Globalization;
using Wayleave.Ingest.V1;

namespace Wayleave.Ingest;

/// <summary>
/// Checks what a batch says. A batch whose own fields are wrong is refused. A wrong endpoint, flow or answer is removed from it, and the
/// rest is kept.
/// </summary>
public static class BatchValidator
{
    private const int InstanceLength = 16;

    /// <param name="batch">The batch. It is not changed.</param>
    /// <param name="node">The node of the sensor, from its token.</param>
    public static BatchValidation Validate(Batch batch, string node, IPodDirectory pods, DateTimeOffset now)
    {
        if (batch.Schema > BatchLimits.Schema)
        {
            return BatchValidation.UnknownSchema(Describe(
                "schema", $"{batch.Schema} is newer than {BatchLimits.Schema}, which this mapper supports", "upgrade the mapper"));
        }

        var latest = (ulong)(now + BatchLimits.ClockAhead).ToUnixTimeMilliseconds();
        var earliest = (ulong)(now - BatchLimits.Age).ToUnixTimeMilliseconds();
        var problem = FindProblem(batch)
            ?? FindTimeProblem(batch, earliest, latest)
            ?? BatchLimits.FindExcess(batch.Endpoints.Count, batch.Flows.Count, batch.Answers.Count);
        if (problem is not null)
        {
            return BatchValidation.Invalid(problem);
        }

        var filter = new BatchFilter(node, pods, latest);
        var endpoints = filter.Keep(batch.Endpoints);
        var kept = new Batch
        {
            Schema = batch.Schema,
            Component = batch.Component,
            Version = batch.Version,
            Instance = batch.Instance,
            Sequence = batch.Sequence,
            FromMs = batch.FromMs,
            ToMs = batch.ToMs,
            Endpoints = { endpoints },
            Flows = { filter.Keep(batch.Flows) },
            Answers = { filter.Keep(batch.Answers) },
            Losses = batch.Losses,
        };
        return new BatchValidation(BatchResult.Valid, kept, Problem: null, filter.Dropped);
    }

    private static string? FindProblem(Batch batch) => batch switch
    {
        { Schema: 0 } => Describe("schema", "is missing", $"set {BatchLimits.Schema}"),
        { Component: not Component.Sensor } => Describe("component", $"{(int)batch.Component} is not known", "set COMPONENT_SENSOR"),
        _ when !TextFormats.IsSemanticVersion(batch.Version) =>
            Describe("version", "is not a semantic version", $"use at most {BatchLimits.VersionLength} characters such as 1.2.3"),
        _ when batch.Instance.Length != InstanceLength =>
            Describe("instance", $"has {batch.Instance.Length} bytes", $"use {InstanceLength} random bytes"),
        { Sequence: 0 } => Describe("sequence", "is missing", "count the batches from 1"),
        _ => null,
    };

    private static string? FindTimeProblem(Batch batch, ulong earliest, ulong latest) => batch switch
    {
        { FromMs: 0 } => Describe("from_ms", "is missing", "set the milliseconds since 1970"),
        _ when batch.ToMs > latest => Describe("to_ms", $"{Format(batch.ToMs)} is in the future", "check the clock of the node"),
        _ when batch.ToMs < earliest =>
            Describe("to_ms", $"{Format(batch.ToMs)} is more than {BatchLimits.Age.TotalMinutes} minutes ago", "check the clock of the node"),
        _ when batch.FromMs > batch.ToMs => Describe("from_ms", $"{Format(batch.FromMs)} is after to_ms", "set it to to_ms or earlier"),
        _ => null,
    };

    private static string Describe(string field, string problem, string solution) => $"{field}: {problem}; {solution}";

    private static string Format(ulong time) => time.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What is left of a batch, or why it is refused.</summary>
/// <param name="Content">Everything that passed. Null if the batch is refused.</param>
/// <param name="Problem">The message for the sender of a batch that is refused. It names the field.</param>
/// <param name="Dropped">How many endpoints, flows and answers were removed, by <see cref="DropReasons"/>.</param>
public sealed record BatchValidation(BatchResult Result, Batch? Content, string? Problem, IReadOnlyDictionary<string, int> Dropped)
{
    private static readonly IReadOnlyDictionary<string, int> _nothing = new Dictionary<string, int>(StringComparer.Ordinal);

    internal static BatchValidation Invalid(string problem) => new(BatchResult.Invalid, Content: null, problem, _nothing);

    internal static BatchValidation UnknownSchema(string problem) => new(BatchResult.UnknownSchema, Content: null, problem, _nothing);
}

public enum BatchResult
{
    Valid,

    /// <summary>A field of the batch is wrong. Sending it again does not help.</summary>
    Invalid,

    /// <summary>The format is newer than <see cref="BatchLimits.Schema"/>.</summary>
    UnknownSchema,
}
