using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Tests.Serialization;

public sealed class EntityJsonTests
{
    // The JSON of objects with addresses is part of the network mapper, which alone reads them.
    public static TheoryData<Type> Entities =>
    [
        .. typeof(PartialPod).Assembly.GetTypes().Where(type => type.GetCustomAttribute<KubernetesEntityAttribute>() is not null
            && !type.Name.StartsWith("Addressed", StringComparison.Ordinal)),
    ];

    [Theory]
    [MemberData(nameof(Entities))]
    public void Every_kind_has_JSON_type_information_and_a_matching_plural_name(Type kind)
    {
        var entity = kind.GetCustomAttribute<KubernetesEntityAttribute>()!;

        PartialObjectJson.Default.GetTypeInfo(kind).ShouldNotBeNull();
        entity.Kind.ShouldNotBeEmpty();
        entity.PluralName.ShouldBe(entity.PluralName.ToLowerInvariant());
        PluralOf(entity.Kind.ToLowerInvariant()).ShouldBe(entity.PluralName);
    }

    [Theory]
    [MemberData(nameof(Entities))]
    public void Does_not_write_fields_that_are_not_set(Type kind)
    {
        var json = JsonSerializer.SerializeToNode(Activator.CreateInstance(kind), PartialObjectJson.Default.GetTypeInfo(kind)!)!;

        json.ToJsonString().ShouldBe("""{"metadata":{}}""");
    }

    [Fact]
    public void Does_not_write_back_fields_that_the_model_lacks()
    {
        const string json = """
            {"apiVersion":"apps/v1","kind":"Deployment","unknown":[{"a":null}],
             "metadata":{"name":"a","namespace":"shop","selfLink":"/x","managedFields":[{"manager":"kubectl","fieldsV1":{"f:spec":{}},"time":"2026-11-22T10:00:00Z"}]},
             "spec":{"replicas":3,"strategy":{"type":"Recreate"},"selector":{"matchLabels":{"app":"a"}},
              "template":{"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"c","image":"i","ports":[{"name":"http","containerPort":80}],"env":[{"name":"SECRET","value":"x"}]}]}}},
             "status":{"replicas":3}}
            """;

        var options = EntityJson.Create([]);
        var read = (JsonTypeInfo<PartialDeployment>)options.GetTypeInfo(typeof(PartialDeployment));
        var written = JsonSerializer.Serialize(JsonSerializer.Deserialize(json, read)!, PartialObjectJson.Default.PartialDeployment);

        JsonNode.DeepEquals(JsonNode.Parse(written), JsonNode.Parse(
            """
            {"apiVersion":"apps/v1","kind":"Deployment",
             "metadata":{"name":"a","namespace":"shop","managedFields":[{"manager":"kubectl","time":"2026-11-22T10:00:00Z"}]},
             "spec":{"selector":{"matchLabels":{"app":"a"}},
              "template":{"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"ports":[{"name":"http","containerPort":80}]}]}}}}
            """)).ShouldBeTrue(written);
    }

    [Fact]
    public void NetworkPolicy_keeps_absent_and_empty_lists_apart()
    {
        const string json = """
            {"metadata":{"name":"a"},"spec":{"podSelector":{},"policyTypes":["Ingress"],"ingress":[
            {"from":[{"podSelector":{"matchLabels":{"app":"b"}},"namespaceSelector":{"matchExpressions":[{"key":"k","operator":"In","values":["v"]}]}},
            {"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}}],"ports":[{"protocol":"TCP","port":80,"endPort":90},{"port":"http"}]},{}],"egress":[]}}
            """;

        var policy = JsonSerializer.Deserialize(json, SourceGenerationContext.Default.V1NetworkPolicy)!;
        var written = JsonSerializer.SerializeToNode(policy, SourceGenerationContext.Default.V1NetworkPolicy);

        JsonNode.DeepEquals(written, JsonNode.Parse(json)).ShouldBeTrue(written!.ToJsonString());
        policy.Spec!.Ingress![1].FromProperty.ShouldBeNull("a rule without peers allows any source");
        policy.Spec.Egress.ShouldBe([], "no rules allow no destination");
    }

    [Fact]
    public void Keeps_only_the_used_fields_of_a_Node()
    {
        var read = (JsonTypeInfo<V1Node>)EntityJson.Create([]).GetTypeInfo(typeof(V1Node));

        var node = JsonSerializer.Deserialize("""{"metadata":{"name":"a"},"spec":{"podCIDRs":["10.0.0.0/24"],"taints":[{"key":"x"}]},"status":{"images":[{}]}}""", read)!;

        node.Spec.PodCIDRs.ShouldBe(["10.0.0.0/24"]);
        (node.Status, node.Spec.Taints).ShouldBe((null, null));
    }

    [Theory]
    [InlineData("""{"spec":{}}""")]
    [InlineData("""{"metadata":null}""")]
    public void An_object_always_has_metadata(string json)
    {
        var read = (JsonTypeInfo<V1NetworkPolicy>)EntityJson.Create([]).GetTypeInfo(typeof(V1NetworkPolicy));

        EntityJson.Read(System.Text.Encoding.UTF8.GetBytes(json), read)!.Metadata.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("""{"metadata":{"creationTimestamp":"yesterday"}}""")]
    [InlineData("""{"metadata":{},"spec":{"ingress":[{"ports":[{"port":true}]}]}}""")]
    [InlineData("""{"metadata":{},"spec":{"ingress":[{"ports":[{"port":1.5}]}]}}""")]
    public void Throws_JsonException_for_an_object_that_cannot_be_read(string json)
    {
        var read = (JsonTypeInfo<V1NetworkPolicy>)EntityJson.Create([]).GetTypeInfo(typeof(V1NetworkPolicy));

        Should.Throw<JsonException>(() => EntityJson.Read(System.Text.Encoding.UTF8.GetBytes(json), read));
    }

    [Theory]
    [InlineData(0, "00000[1]")]
    [InlineData(1, "00000[1]")]
    [InlineData(1_000_000, "100000")]
    [InlineData(684_200, "068420")]
    [InlineData(12_345, "001234")]
    public void Writes_a_MicroTime_with_six_fractional_digits(long ticks, string digits)
    {
        var time = new Wayleave.Testing.Time.ManualTimeProvider();
        time.Advance(TimeSpan.FromTicks(ticks));
        var json = (JsonTypeInfo<V1Lease>)EntityJson.Create([]).GetTypeInfo(typeof(V1Lease));

        var lease = new V1Lease { Spec = new V1LeaseSpec { RenewTime = MicroTime.Now(time) } };
        var written = JsonSerializer.Serialize(lease, json);

        written.ShouldMatch($$"""\{"spec":\{"renewTime":"[0-9-]+T[0-9:]+\.{{digits}}Z"\}\}$""");
        JsonSerializer.Deserialize(written, json)!.Spec.RenewTime.ShouldBe(lease.Spec.RenewTime);
    }

    [Fact]
    public void Properties_with_the_suffix_Property_have_their_API_name_in_JSON()
    {
        Type[] models = [.. typeof(PartialPod).Assembly.GetTypes().Where(type => type.Namespace == typeof(PartialPod).Namespace)];

        foreach (var property in models.SelectMany(type => type.GetProperties()).Where(property => property.Name.EndsWith("Property", StringComparison.Ordinal)))
        {
            var name = property.GetCustomAttribute<JsonPropertyNameAttribute>().ShouldNotBeNull($"{property.DeclaringType!.Name}.{property.Name}").Name;
            name.ShouldBe(property.Name.Replace("Property", "").ToLowerInvariant());
        }
    }

    [Fact]
    public void Optional_collections_and_objects_of_a_model_are_null_by_default()
    {
        // An apply with an empty list or object claims the field; only null is omitted.
        Type[] models = [.. typeof(PartialPod).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.Namespace == typeof(PartialPod).Namespace)];
        string[] always = ["Metadata", "Key", "OperatorProperty", "Type", "Status", "Reason", "Message"];

        foreach (var model in models.Where(model => PartialObjectJson.Default.GetTypeInfo(model) is { Kind: JsonTypeInfoKind.Object }))
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
