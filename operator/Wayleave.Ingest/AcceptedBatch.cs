using Wayleave.Ingest.V1;

namespace Wayleave.Ingest;

/// <summary>A batch that passed every check: who sent it, its format, its limits, and that it was not accepted before.</summary>
/// <param name="Node">The name of the node of the sensor, from its token.</param>
/// <param name="Content">Everything in it that passed. Endpoints, flows and answers that did not pass are removed.</param>
public sealed record AcceptedBatch(string Node, Batch Content);

/// <summary>Takes accepted batches. Calls come from several threads; it must be quick and must not throw.</summary>
public interface IBatchHandler
{
    void Handle(AcceptedBatch batch);
}

/// <summary>The Pods of the cluster, as far as a check of a batch needs them. Safe for several threads.</summary>
public interface IPodDirectory
{
    /// <summary>The name of the node that a Pod runs or ran on. Null for a Pod that is not known (yet).</summary>
    string? FindNode(Guid podUid);

    /// <summary>False until the first list of Pods is complete: no batch can be checked before.</summary>
    bool HasSynced { get; }
}
