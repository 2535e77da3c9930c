using Wayleave.Ingest.V1;

namespace Wayleave.Ingest;

/// <summary>A batch that passed every check: who sent it, its format, its limits, and that it was not accepted before.</summary>
/// <param name="Node">The name of the node of the sensor, from its token.</param>
/// <param name="Content">Everything in it that passed. Endpoints, flows and answers that did not pass are removed.</param>
/// <remarks>
/// A sensor speaks only of callers on <paramref name="Node"/>, and the content is what it claims. An endpoint with the UID of a Pod that
/// was known to be on another node is removed. The UID of a Pod that was not known is kept, because the Pod may be new: the code that finds
/// the Pod later must check that it is on <paramref name="Node"/>, and must ignore the endpoint otherwise. The same holds for a caller that
/// is found by its address, and a caller in the network of the node is on <paramref name="Node"/> and on no other.
/// </remarks>
public sealed record AcceptedBatch(string Node, Batch Content);

/// <summary>Takes accepted batches. Calls come from several threads; it must be quick and must not throw.</summary>
public interface IBatchHandler
{
    /// <summary>
    /// Identifies what holds the batches. When it changes, batches that were handled before may be lost. Null while none is handled.
    /// </summary>
    Guid? Term { get; }

    /// <returns>False if the term has ended: the batch was not handled.</returns>
    bool TryHandle(AcceptedBatch batch, Guid term);
}

/// <summary>The Pods of the cluster, as far as a check of a batch needs them. Safe for several threads.</summary>
public interface IPodDirectory
{
    /// <summary>The name of the node that a Pod runs or ran on. Null for a Pod that is not known (yet).</summary>
    string? FindNode(Guid podUid);

    /// <summary>
    /// True while the Pod exists. A directory that remembers Pods after they were deleted overrides this, so that the token of a deleted
    /// sensor is refused at once.
    /// </summary>
    bool Exists(Guid podUid) => FindNode(podUid) is not null;

    /// <summary>False until the first list of Pods is complete: no batch can be checked before.</summary>
    bool HasSynced { get; }
}
