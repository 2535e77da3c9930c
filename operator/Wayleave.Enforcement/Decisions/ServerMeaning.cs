using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>What a server's name, with or without a kind, means.</summary>
/// <param name="Drafts">The policies it is about: one, or several when it is ambiguous, or none.</param>
internal sealed record ServerMeaning(WorkloadResolution Resolution, IngressDraft[] Drafts)
{
    public bool IsCertain => Resolution is WorkloadResolution.Found;

    /// <summary>The one policy it is about; null when there is not just one.</summary>
    public IngressDraft? Certain => IsCertain ? Drafts[0] : null;
}
