using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Tests.Serialization;

public sealed class KubernetesJsonTests
{
    public static TheoryData<Type> Entities =>
        [.. typeof(V1Pod).Assembly.GetTypes().Where(type => type.GetCustomAttribute<KubernetesEntityAttribute>() is not null)];

    [Theory]
    [MemberData(nameof(Entities))]
    public void Every_kind_and_its_list_can_be_read_without_reflection(Type kind)
    {
        var entity = kind.GetCustomAttribute<KubernetesEntityAttribute>()!;

        KubernetesJson.Default.GetTypeInfo(kind).ShouldNotBeNull();
        KubernetesJson.Default.GetTypeInfo(typeof(EntityList<>).MakeGenericType(kind)).ShouldNotBeNull();
        entity.Kind.ShouldNotBeEmpty();
        entity.PluralName.ShouldBe(entity.PluralName.ToLowerInvariant());
        PluralOf(entity.Kind.ToLowerInvariant()).ShouldBe(entity.PluralName);
    }

    [Theory]
    [MemberData(nameof(Entities))]
    public void Nothing_that_is_not_set_is_written_so_that_a_write_claims_nothing(Type kind)
    {
        var json = JsonSerializer.SerializeToNode(Activator.CreateInstance(kind), KubernetesJson.Default.GetTypeInfo(kind)!)!;

        json.ToJsonString().ShouldBe("""{"metadata":{}}""");
    }

    [Fact]
    public void Fields_that_a_model_lacks_are_skipped_and_never_written_back()
    {
        const string json = """
            {"apiVersion":"apps/v1","kind":"Deployment","unknown":[{"a":null}],
             "metadata":{"name":"a","namespace":"shop","selfLink":"/x","managedFields":[{"manager":"kubectl","fieldsV1":{"f:spec":{}},"time":"2026-11-22T10:00:00Z"}]},
             "spec":{"replicas":3,"strategy":{"type":"Recreate"},"selector":{"matchLabels":{"app":"a"}},
              "template":{"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"c","image":"i","ports":[{"name":"http","containerPort":80}],"env":[{"name":"SECRET","value":"x"}]}]}}},
             "status":{"replicas":3}}
            """;

        var written = JsonSerializer.Serialize(JsonSerializer.Deserialize(json, KubernetesJson.Default.V1Deployment)!, KubernetesJson.Default.V1Deployment);

        JsonNode.DeepEquals(JsonNode.Parse(written), JsonNode.Parse(
            """
            {"apiVersion":"apps/v1","kind":"Deployment",
             "metadata":{"name":"a","namespace":"shop","managedFields":[{"manager":"kubectl","time":"2026-11-22T10:00:00+00:00"}]},
             "spec":{"selector":{"matchLabels":{"app":"a"}},
              "template":{"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"ports":[{"name":"http","containerPort":80}]}]}}}}
            """)).ShouldBeTrue(written);
    }

    [Fact]
    public void A_network_policy_keeps_the_difference_between_nothing_and_everything()
    {
        const string json = """
            {"metadata":{"name":"a"},"spec":{"podSelector":{},"policyTypes":["Ingress"],"ingress":[
            {"from":[{"podSelector":{"matchLabels":{"app":"b"}},"namespaceSelector":{"matchExpressions":[{"key":"k","operator":"In","values":["v"]}]}},
            {"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}}],"ports":[{"protocol":"TCP","port":80,"endPort":90},{"port":"http"}]},{}],"egress":[]}}
            """;

        var policy = JsonSerializer.Deserialize(json, KubernetesJson.Default.V1NetworkPolicy)!;
        var written = JsonSerializer.SerializeToNode(policy, KubernetesJson.Default.V1NetworkPolicy);

        JsonNode.DeepEquals(written, JsonNode.Parse(json)).ShouldBeTrue(written!.ToJsonString());
        policy.Spec!.Ingress![1].FromProperty.ShouldBeNull("no peers: from anywhere");
        policy.Spec.Egress.ShouldBe([], "no rules: to nowhere");
    }

    [Fact]
    public void Names_that_c_sharp_cannot_have_are_the_apis_in_json()
    {
        Type[] models = [.. typeof(V1Pod).Assembly.GetTypes().Where(type => type.Namespace == typeof(V1Pod).Namespace)];

        foreach (var property in models.SelectMany(type => type.GetProperties()).Where(property => property.Name.EndsWith("Property", StringComparison.Ordinal)))
        {
            var name = property.GetCustomAttribute<JsonPropertyNameAttribute>().ShouldNotBeNull($"{property.DeclaringType!.Name}.{property.Name}").Name;
            name.ShouldBe(property.Name.Replace("Property", "").ToLowerInvariant());
        }
    }

    [Fact]
    public void Every_collection_and_object_of_a_model_may_be_absent()
    {
        // An apply that writes an empty list or object claims the field; only what is null is left out.
        Type[] models = [.. typeof(V1Pod).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.Namespace == typeof(V1Pod).Namespace)];
        string[] always = ["Metadata", "Key", "OperatorProperty", "Type", "Status", "Reason", "Message"];

        foreach (var model in models.Where(model => KubernetesJson.Default.GetTypeInfo(model) is { Kind: JsonTypeInfoKind.Object }))
        {
            var made = Activator.CreateInstance(model)!;
            var set = model.GetProperties()
                .Where(property => !property.PropertyType.IsValueType && property.GetValue(made) is not null && !always.Contains(property.Name));
            set.Select(property => property.Name).ShouldBeEmpty(model.Name);
        }
    }

    private static string PluralOf(string kind) => kind switch
    {
        [.., 's', 's'] => kind + "es",
        [.., 's'] => kind,
        [.., 'c' or 'l' or 'r' or 't', 'y'] => kind[..^1] + "ies",
        _ => kind + "s",
    };
}
