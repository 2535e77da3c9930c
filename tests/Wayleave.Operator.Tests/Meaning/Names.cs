namespace Wayleave.Operator.Tests.Meaning;

/// <summary>The few names that everything has here, so that things meet by accident.</summary>
internal static class Names
{
    /// <summary>The namespace that the operator says is its own.</summary>
    public const string OperatorNamespace = "wayleave-system";

    public static IReadOnlyList<string> Namespaces { get; } =
        ["shop", "shop", "shop", "shop", "shop", "shop", "data", "data", "data", "edge", "kube-system", OperatorNamespace];

    public static IReadOnlyList<string> Workloads { get; } = ["cart", "cart", "cart", "web", "web", "db", "api"];

    public static IReadOnlyList<string> Services { get; } = ["cart", "redis"];

    public static IReadOnlyList<string> LabelKeys { get; } = ["app", "app", "tier", "part"];

    public static IReadOnlyList<string> LabelValues { get; } = ["a", "a", "b", "c"];
}
