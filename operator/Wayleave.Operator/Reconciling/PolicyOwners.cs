namespace Wayleave.Operator.Reconciling;

/// <summary>Which installations of Wayleave have policies about a subject.</summary>
/// <param name="IsOwn">Whether this one has.</param>
/// <param name="Other">The mark of another one that has, the first in order; null if none has.</param>
internal readonly record struct PolicyOwners(bool IsOwn, string? Other)
{
    public static PolicyOwners None { get; } = new(IsOwn: false, Other: null);

    /// <summary>Those of both.</summary>
    public PolicyOwners With(PolicyOwners more) => new(
        IsOwn || more.IsOwn,
        Other is null || string.CompareOrdinal(more.Other ?? Other, Other) < 0 ? more.Other : Other);
}
