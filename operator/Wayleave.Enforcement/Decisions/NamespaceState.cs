namespace Wayleave.Enforcement.Decisions;

/// <summary>Whether a rule can match the pods of a namespace.</summary>
public enum NamespaceState
{
    /// <summary>It exists and carries the label with its own name.</summary>
    Labelled,

    /// <summary>It lacks that label: API servers before 1.21 do not set it.</summary>
    Unlabelled,

    /// <summary>It does not exist.</summary>
    Missing,

    /// <summary>The operator does not watch it, so whether it exists is not known.</summary>
    Unwatched,
}
