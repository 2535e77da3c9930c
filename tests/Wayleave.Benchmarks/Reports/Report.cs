namespace Wayleave.Benchmarks.Reports;

/// <summary>A run and its measurements.</summary>
internal sealed record Report(string Commit, string Operator, string Kubernetes, DateTimeOffset Started, Machine Machine, IReadOnlyList<Figure> Figures);
