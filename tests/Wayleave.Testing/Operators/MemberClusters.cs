using k8s.Models;
using Wayleave.Api;

namespace Wayleave.Testing.Operators;

/// <summary>Registers clusters as members of a hub, as the user documentation describes.</summary>
public static class MemberClusters
{
    /// <summary>The operator's namespace in the hub.</summary>
    public const string Home = "wayleave-system";

    private static string Files => Checkout.PathOf("charts", "wayleave", "files");

    /// <summary>Grants only the role that the chart has for members.</summary>
    public static async Task GrantAsync(TestCluster member) =>
        (await member.ControlPlane.KubectlAsync(["apply", "-f", Path.Combine(Files, "member-role.yaml")])).EnsureSuccess();

    /// <summary>Creates a kubeconfig with only that role, optionally with the address of a proxy as the server.</summary>
    public static async Task<string> KubeconfigAsync(TestCluster member, Uri? server = null)
    {
        var plane = member.ControlPlane;
        var context = (await plane.KubectlAsync(["config", "current-context"])).EnsureSuccess().Output.Trim();
        var made = (await plane.ScriptAsync(Path.Combine(Files, "member-kubeconfig.sh"), [context, "1h"])).EnsureSuccess().Output;
        return server is null ? made : made.Replace(plane.Server.GetLeftPart(UriPartial.Authority), server.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
    }

    /// <summary>Registers a member, and waits until it is connected.</summary>
    public static async Task RegisterMemberAsync(this TestCluster hub, string name, TestCluster member, string labels = "{}", string more = "", Uri? server = null)
    {
        await hub.ApplyAsync(Yaml.Secret(Home, name, "kubeconfig", await KubeconfigAsync(member, server)));
        await hub.ApplyAsync(Yaml.MemberCluster(Home, name, labels, more));
        await hub.UntilClusterAsync(name, Reasons.Connected);
    }

    /// <summary>Waits until the Cluster has the reason.</summary>
    public static Task<Cluster> UntilClusterAsync(this TestCluster hub, string name, string reason, string message = "") => hub.WaitForAsync<Cluster>(
        $"the Cluster {name} to be {reason}: {message}",
        null,
        name,
        cluster => cluster.Status?.ObservedGeneration == cluster.Metadata.Generation && cluster.Ready() is { } ready
            && ready.Reason == reason && ready.Message.Contains(message, StringComparison.OrdinalIgnoreCase));

    public static V1Condition? Ready(this Cluster cluster) => cluster.Status?.Conditions?.Find(condition => condition.Type == ConditionTypes.Ready);
}
