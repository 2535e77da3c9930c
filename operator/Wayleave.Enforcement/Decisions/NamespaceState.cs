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

    /// <summary>It is none of those that are looked after: nobody knows whether it exists.</summary>
    Unwatched,
}
