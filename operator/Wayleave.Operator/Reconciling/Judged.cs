namespace Wayleave.Operator.Reconciling;

/// <summary>The verdicts on one object: of which uid and generation, so that those of a namesake or of an older spec are told apart.</summary>
internal sealed record Judged<TVerdict>(string Uid, long Generation, List<TVerdict> Verdicts)
{
    /// <summary>Whether a reader of the object would see anything new.</summary>
    public bool SameAs(Judged<TVerdict>? other) =>
        other is not null && Uid == other.Uid && Generation == other.Generation && Verdicts.SequenceEqual(other.Verdicts);
}
