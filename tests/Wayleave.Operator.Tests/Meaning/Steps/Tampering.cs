namespace Wayleave.Operator.Tests.Meaning.Steps;

/// <summary>What a user may do to a policy of ours.</summary>
internal enum Tampering
{
    Delete,
    AllowAnyone,
    AllowNoOne,
    NarrowPods,
    AddEgress,
    DropOurLabel,
    DropOurAnnotation,
    TakeOver,
}
