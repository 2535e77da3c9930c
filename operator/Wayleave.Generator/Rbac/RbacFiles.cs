using System.Text.Json.Nodes;
using Wayleave.Generator.Output;
using Wayleave.Kubernetes;
using Wayleave.Mapper.Permissions;
using Wayleave.Operator.Permissions;

namespace Wayleave.Generator.Rbac;

/// <summary>The chart's rules of RBAC for the operator and the mapper, and the role for member clusters.</summary>
internal static class RbacFiles
{
    private const string Rules = "rbac.yaml";
    private const string MapperRules = "mapper-rbac.yaml";
    private const string MemberRole = "member-role.yaml";
    private const string Group = "rbac.authorization.k8s.io";
    private const string MemberCluster = "wayleave-member";

    public static GeneratedFolder Generate() => new(
        "*rbac.yaml", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Rules] = RulesText(),
            [MapperRules] = MapperText(),
            [MemberRole] = MemberText(),
        });

    private static string RulesText() => YamlWriter.Write(new JsonObject
    {
        ["watched"] = new JsonArray([.. OperatorPermissions.Watched.Select(WithUse)]),
        ["cluster"] = new JsonArray([.. OperatorPermissions.Cluster.Select(WithUse)]),
        ["own"] = new JsonArray([.. OperatorPermissions.Own.Select(WithUse)]),
    });

    private static string MapperText() => YamlWriter.Write(new JsonObject
    {
        ["cluster"] = new JsonArray([.. MapperPermissions.Cluster.Select(WithUse)]),
        ["own"] = new JsonArray([.. MapperPermissions.Own.Select(WithUse)]),
        ["sensor"] = new JsonArray([.. MapperPermissions.Sensor.Select(WithUse)]),
    });

    // All that an admin applies in the member cluster, with the ServiceAccount of the kubeconfig.
    private static string MemberText()
    {
        var role = Named($"{Group}/v1", "ClusterRole");
        role["rules"] = new JsonArray([.. OperatorPermissions.MemberCluster.Select(Rule)]);
        var account = Named("v1", "ServiceAccount");
        account["metadata"]!["namespace"] = MemberCluster;
        var binding = Named($"{Group}/v1", "ClusterRoleBinding");
        binding["roleRef"] = new JsonObject { ["apiGroup"] = Group, ["kind"] = "ClusterRole", ["name"] = MemberCluster };
        binding["subjects"] = new JsonArray(
            new JsonObject { ["kind"] = "ServiceAccount", ["name"] = MemberCluster, ["namespace"] = MemberCluster });
        return "# Permissions of the operator in a member cluster. Apply there: kubectl apply -f member-role.yaml\n"
            + string.Join("---\n", new[] { role, Named("v1", "Namespace"), account, binding }.Select(YamlWriter.Write));
    }

    private static JsonObject Named(string version, string kind) =>
        new() { ["apiVersion"] = version, ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = MemberCluster } };

    private static JsonObject WithUse(AccessRule permission)
    {
        var rule = Rule(permission);
        rule["use"] = permission.Feature;
        return rule;
    }

    private static JsonObject Rule(AccessRule permission)
    {
        var rule = new JsonObject { ["apiGroups"] = Texts([permission.Group]), ["resources"] = Texts(permission.Resources) };
        if (permission.Names.Length > 0)
        {
            rule["resourceNames"] = Texts(permission.Names);
        }

        rule["verbs"] = Texts(permission.Verbs);
        return rule;
    }

    private static JsonArray Texts(string[] texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
