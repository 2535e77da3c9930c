namespace Wayleave.Operator.Tests.Meaning.Steps;

/// <summary>What somebody may do to a policy of ours.</summary>
internal enum Tampering
{
    Delete,
    LetEverybodyIn,
    LetNobodyIn,
    NarrowPods,
    AddEgress,
    DropOurLabel,
    DropOurAnnotation,
    TakeOver,
}
