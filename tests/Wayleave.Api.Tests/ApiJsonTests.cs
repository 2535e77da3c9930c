using System.Text.Json;
using System.Text.Json.Nodes;
using Wayleave.Kubernetes;

namespace Wayleave.Api.Tests;

public class ApiJsonTests
{
    [Fact]
    public void Writes_an_object_as_it_was_read()
    {
        const string json =
            """
            {"apiVersion":"wayleave.dev/v1beta1","kind":"ClientIntents","metadata":{"name":"checkout","namespace":"shop"},
            "spec":{"workload":{"name":"checkout","kind":"Deployment"},
            "clusters":{"names":["local"],"selector":{"matchLabels":{"tier":"prod"}}},
            "targets":[{"kubernetes":{"name":"cart","kind":"Deployment","ports":[8080,"53/UDP","9000-9010","metrics"],"http":[{"path":"/","methods":["GET"]}]}},
            {"service":{"name":"redis.data","ports":[6379]}},
            {"internet":{"ips":["203.0.113.0/24"],"domains":["api.example.com"],"ports":[443]}},
            {"kafka":{"name":"kafka","topics":[{"name":"orders","operations":["produce"]}]}},
            {"sql":{"name":"db","privileges":[{"databaseName":"orders","table":"public.orders","operations":["SELECT"]}]}}]},
            "status":{"observedGeneration":3,"enforced":"1/5",
            "conditions":[{"type":"Ready","status":"True","reason":"Enforced","message":"","observedGeneration":3,"lastTransitionTime":"2026-11-27T10:00:00Z"}],
            "targets":[{"name":"cart.shop","type":"kubernetes","state":"Enforced","reason":"Enforced"}]}}
            """;

        var intents = JsonSerializer.Deserialize(json, ApiJson.Default.ClientIntents)!;

        var written = JsonSerializer.SerializeToNode(intents, ApiJson.Default.ClientIntents);
        JsonNode.DeepEquals(written, JsonNode.Parse(json)).ShouldBeTrue(written!.ToJsonString());
    }

    // The API server accepts each of these as a date-time.
    [Theory]
    [InlineData("2026-11-20T09:00:00+99:99")]
    [InlineData("2026-11-20t09:00:00z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("2026-11-20T09:00:00.123456789012345678901234567890Z")]
    public void Reads_times_of_a_seen_call_that_cannot_be_read_as_1970(string time)
    {
        var json = $$"""
            {"metadata":{"name":"a"},"since":"{{time}}","calls":[{"first":"{{time}}","last":"{{time}}"}]}
            """;

        var observed = JsonSerializer.Deserialize(json, ApiJson.Default.ObservedIntents)!;

        observed.Since.ShouldBe(DateTime.UnixEpoch);
        (observed.Calls[0].First, observed.Calls[0].Last).ShouldBe((DateTime.UnixEpoch, DateTime.UnixEpoch));
    }

    [Fact]
    public void Writes_times_of_a_seen_call_as_they_were_read()
    {
        const string json = """{"since":"2026-11-20T09:00:00Z"}""";

        var observed = JsonSerializer.Deserialize(json, ApiJson.Default.ObservedIntents)!;

        observed.Since.ShouldBe(new DateTime(2026, 11, 20, 9, 0, 0, DateTimeKind.Utc));
        ((string?)JsonSerializer.SerializeToNode(observed, ApiJson.Default.ObservedIntents)!["since"]).ShouldBe("2026-11-20T09:00:00Z");
    }

    [Fact]
    public void Reads_an_object_with_unknown_fields_and_values()
    {
        const string json =
            """
            {"metadata":{"name":"a"},"spec":{"workload":{"name":"a","kind":"Rollout","more":1},"later":{},
            "targets":[{"kubernetes":{"name":"b","kind":"?"}},{"carrierPigeon":{"coop":7}}]},"status":{"later":[],"targets":[{"state":"Dreaming"}]}}
            """;

        var intents = JsonSerializer.Deserialize(json, ApiJson.Default.ClientIntents)!;

        intents.Spec.Workload.Kind.ShouldBe("Rollout");
        intents.Spec.Targets.Count.ShouldBe(2);
        intents.Status!.Targets![0].State.ShouldBe("Dreaming");
    }

    [Theory]
    [InlineData("99999999999")]
    [InlineData("8080.5")]
    [InlineData("1e400")]
    public void Reads_an_object_with_a_port_that_is_not_a_32_bit_integer(string port)
    {
        var json = $$$"""{"metadata":{"name":"a"},"spec":{"workload":{"name":"a"},"targets":[{"kubernetes":{"name":"b","ports":[{{{port}}}]}}]}}""";

        var intents = JsonSerializer.Deserialize(json, ApiJson.Default.ClientIntents)!;

        intents.Spec.Targets[0].Kubernetes!.Ports.ShouldBe([port]);
    }

    [Fact]
    public void The_registry_builds_the_paths_of_both_kinds()
    {
        var registry = EntityRegistry.Create(ApiJson.Default).Add<ClientIntents>().Add<ProtectedService>();

        registry.Get<ClientIntents>().GetPath("shop", "checkout", "status")
            .ShouldBe("apis/wayleave.dev/v1beta1/namespaces/shop/clientintents/checkout/status");
        registry.Get<ProtectedService>().GetPath("shop").ShouldBe("apis/wayleave.dev/v1beta1/namespaces/shop/protectedservices");
    }
}
