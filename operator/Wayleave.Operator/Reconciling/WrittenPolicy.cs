namespace Wayleave.Operator.Reconciling;

/// <summary>A policy that was as it should be at the last look. One that has another version since, or is gone, was changed by someone else.</summary>
internal readonly record struct WrittenPolicy(string Name, string ResourceVersion);
