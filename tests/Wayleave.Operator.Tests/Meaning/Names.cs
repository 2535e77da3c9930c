namespace Wayleave.Operator.Tests.Meaning;

/// <summary>The few names that all objects share, so that they often refer to each other.</summary>
internal static class Names
{
    /// <summary>The operator's own namespace.</summary>
    public const string OperatorNamespace = "wayleave-system";

    public static IReadOnlyList<string> Namespaces { get; } =
        ["shop", "shop", "shop", "shop", "shop", "shop", "data", "data", "data", "edge", "kube-system", OperatorNamespace];

    public static IReadOnlyList<string> Workloads { get; } = ["cart", "cart", "cart", "web", "web", "db", "api"];

    public static IReadOnlyList<string> Services { get; } = ["cart", "redis"];

    public static IReadOnlyList<string> LabelKeys { get; } = ["app", "app", "tier", "part"];

    public static IReadOnlyList<string> LabelValues { get; } = ["a", "a", "b", "c"];
}
