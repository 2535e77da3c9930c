namespace Wayleave.Cli.Tests.Support;

/// <summary>A shop that the network mapper has looked at: what it saw, and what is declared of it.</summary>
internal static class SeenShop
{
    public static string Observed(string client, string calls, string @namespace = "shop", string kind = "Deployment") =>
        $$$"""
        apiVersion: wayleave.dev/v1beta1
        kind: ObservedIntents
        metadata: {name: {{{kind.ToLowerInvariant()}}}-{{{client}}}, namespace: {{{@namespace}}}, labels: {app: {{{client}}}}}
        workload: {name: {{{client}}}, kind: {{{kind}}}}
        since: "2025-12-01T09:00:00Z"
        calls: {{{calls}}}
        """;

    /// <summary>A call.</summary>
    /// <param name="target">In the form of a ClientIntents target.</param>
    /// <param name="more">More fields, each with a comma before it.</param>
    public static string Call(string target, string outcome = "Connected", string more = "") =>
        $$$"""
        {target: {{{target}}}, sources: [Tcp], outcome: {{{outcome}}}, first: "2025-12-02T10:00:00Z", last: "2025-12-31T09:00:00Z", connections: 100+{{{more}}}}
        """.Trim();

    public static string Calls(params string[] calls) => $"[{string.Join(", ", calls)}]";

    /// <summary>Six clients' calls of every kind, and the ClientIntents of checkout and admin.</summary>
    public static string Everything => string.Join(
        "\n---\n",
        Shop.Everything,
        Observed("checkout", Calls(
            Call("{kubernetes: {name: cart, kind: Deployment, ports: [8080]}}", more: ", service: cart"),
            Call("{kubernetes: {name: orders.data, kind: Deployment, ports: [5432, 53/UDP]}}", more: ", service: orders.data"),
            Call("{kubernetes: {name: admin, kind: Deployment, ports: [9999]}}", "Refused"),
            Call("{kubernetes: {name: coredns.kube-system, kind: Deployment, ports: [53/UDP]}}", more: ", class: Infrastructure"),
            Call("{internet: {domains: [api.example.com], ports: [443]}}", more: ", addresses: [203.0.113.7, 203.0.113.8]"),
            Call("{internet: {domains: [pay.example.com], ports: [443]}}"),
            Call("{internet: {ips: [198.51.100.4], ports: [25]}}", "Unanswered"))),
        Observed("cart", Calls(Call("{kubernetes: {name: orders.data, kind: Deployment, ports: [5432]}}", more: ", ambiguous: true"))),
        Observed("orders", Calls(Call("{internet: {domains: [backup.example.org]}}")), "data"),
        Shop.Intents("checkout", "[{kubernetes: {name: cart, ports: [8080]}}, {kubernetes: {name: admin, ports: [8080]}}]"),
        Shop.Intents("admin", "[{internet: {domains: [updates.example.com], ports: [443]}}]"));
}
