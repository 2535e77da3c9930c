namespace Wayleave.Operator.Reconciling;

/// <summary>The results on one object: of which uid and generation, so that those of a namesake or of an older spec are told apart.</summary>
internal sealed record Judged<TResult>(string Uid, long Generation, List<TResult> Results)
{
    /// <summary>Whether a reader of the object would see anything new.</summary>
    public bool SameAs(Judged<TResult>? other) =>
        other is not null && Uid == other.Uid && Generation == other.Generation && Results.SequenceEqual(other.Results);
}
