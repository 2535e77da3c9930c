using System.Security.Cryptography;
using System.Text;
using Wayleave.Telemetry.Catalog;
using Wayleave.Testing.Otlp;

namespace Wayleave.EndToEnd.Tests.Telemetry;

/// <summary>What the collector receives from one operator, from its start to its end.</summary>
public sealed class UsageStoryTests(UsageStory story) : IClassFixture<UsageStory>
{
    private static readonly string[] Common =
        ["event.id", "event.name", "event.type", "count", "context.id", "component.instance.id", "component.type"];

    private static readonly string[] Shape =
    [
        "intents", "policies", "clusters", "namespaces", "nodes", "kubernetes.minor", "os.type", "host.arch",
        "changes.gitops", "changes.helm", "changes.kubectl", "changes.other",
    ];

    [Fact]
    public void Receives_exactly_the_events_that_the_operator_emits() => story.Records
        .Select(record => record.EventType).Distinct()
        .ShouldBe(
            UsageCatalog.All.Where(usage => usage is { IsPlanned: false, Emitter: ComponentType.Operator }).Select(usage => usage.Type),
            ignoreOrder: true);

    [Theory]
    [InlineData("STARTED", 1, null)]
    [InlineData("INTENTS_APPLIED", 7, 1)]
    [InlineData("INTENTS_APPLIED_HTTP", 1, 1)]
    [InlineData("INTENTS_APPLIED_KAFKA", 1, 1)]
    [InlineData("INTENTS_APPLIED_DATABASE", 1, 1)]
    [InlineData("INTENTS_APPLIED_INTERNET", 1, 1)]
    [InlineData("INTENTS_DELETED", 1, 1)]
    [InlineData("NETWORK_POLICIES_CREATED", 4, 1)]
    [InlineData("NETWORK_POLICIES_DELETED", 3, 3)]
    [InlineData("PROTECTED_SERVICE_APPLIED", 1, 1)]
    [InlineData("PROTECTED_SERVICE_DELETED", 1, 1)]
    [InlineData("POLICIES_APPLIED", 1, 1)]
    [InlineData("POLICIES_DELETED", 1, 1)]
    [InlineData("KAFKA_SERVER_CONFIG_APPLIED", 1, 1)]
    [InlineData("KAFKA_SERVER_CONFIG_DELETED", 1, 1)]
    [InlineData("CLUSTERS_APPLIED", 2, 1)]
    [InlineData("CLUSTERS_DELETED", 1, 1)]
    [InlineData("CLUSTER_CREDENTIALS_ROTATED", 1, 1)]
    [InlineData("INTENTS_DISCOVERED", 6, 6)]
    [InlineData("INTENTS_DISCOVERED_TCP", 5, 5)]
    [InlineData("INTENTS_DISCOVERED_SOCKET_SCAN", 1, 1)]
    [InlineData("INTENTS_DISCOVERED_CAPTURE", 2, 2)]
    [InlineData("SERVICE_DISCOVERED", 2, 2)]
    [InlineData("NAMESPACE_DISCOVERED", 1, 1)]
    public void Counts_each_change_once(string type, int count, int? total) =>
        (story.Count(type), story.Total(type)).ShouldBe((count, total));

    [Fact]
    public void Counts_errors_by_component_and_type_as_often_as_they_occurred()
    {
        var errors = story.Records.Where(record => record.EventType == "ERRORS").ToList();

        errors.Select(error => (error.Attributes["component"], error.Attributes["exception.type"])).Distinct().ShouldBe([("enforcement", "KubernetesException")]);
        errors.Sum(error => error.Count).ShouldBe((long)story.FailedReconciliations);
    }

    [Fact]
    public void Each_record_has_exactly_the_attributes_of_its_type()
    {
        foreach (var record in story.Records)
        {
            string[] own = record.EventType switch
            {
                "STARTED" => [],
                "ACTIVE" => record.Attributes.ContainsKey(Shape[0]) ? Shape : [], // none when the cluster could not be described
                "ERRORS" => ["component", "exception.type"],
                var type => UsageCatalog.Find(type)!.Total == UsageTotal.None ? [] : ["total"],
            };
            record.Attributes.Keys.ShouldBe([.. Common, .. own], ignoreOrder: true, record.EventType);
            record.EventName.ShouldBe(UsageCatalog.Find(record.EventType)!.Name);
            record.Attributes["event.name"].ShouldBe(record.EventName);
            record.Attributes["component.type"].ShouldBe("OPERATOR");
            record.Raw.Body.StringValue.ShouldBe(record.EventName);
            (record.Raw.TraceId.IsEmpty, record.Raw.SpanId.IsEmpty, record.Raw.DroppedAttributesCount).ShouldBe((true, true, 0u));
        }
    }

    [Fact]
    public void The_resource_names_product_and_version_and_ignores_the_environment()
    {
        foreach (var record in story.Records)
        {
            record.Resource.Keys.ShouldBe(["service.name", "service.namespace", "service.version"], ignoreOrder: true);
            (record.Resource["service.name"], record.Resource["service.namespace"]).ShouldBe(("wayleave-operator", "wayleave"));
            record.Resource["service.version"].ShouldBeOfType<string>().ShouldMatch(@"\A\d+\.\d+\.\d+");
        }
    }

    [Fact]
    public void The_context_id_is_the_salted_hash_of_the_uid_of_kube_system()
    {
        var expected = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("wayleave.dev/context-id/v1:" + story.SystemUid)));

        story.Records.Select(record => record.Attributes["context.id"]).Distinct().ShouldBe([expected]);
    }

    [Fact]
    public void Every_record_has_a_unique_event_id_and_the_same_instance_id()
    {
        story.Records.ShouldAllBe(record => Guid.Parse(record.EventId).Version == 7);
        story.Requests.SelectMany(request => request.Records).Select(record => record.EventId).ShouldBeUnique();
        Guid.Parse((string)story.Records.Select(record => record.Attributes["component.instance.id"]).Distinct().ShouldHaveSingleItem()).Version.ShouldBe(4);
    }

    [Fact]
    public void The_ACTIVE_record_describes_the_cluster_in_buckets()
    {
        var active = story.Records.Last(record => record.EventType == "ACTIVE" && record.Attributes["changes.other"] is true).Attributes;

        Shape.Where(key => key is not ("kubernetes.minor" or "host.arch" or "namespaces")).ToDictionary(key => key, key => active[key]).ShouldBe(
            new Dictionary<string, object>
            {
                ["intents"] = "1-9",
                ["policies"] = "0",
                ["clusters"] = "1-9",
                ["nodes"] = "0",
                ["os.type"] = "linux",
                ["changes.gitops"] = false,
                ["changes.helm"] = false,
                ["changes.kubectl"] = false,
                ["changes.other"] = true,
            },
            ignoreOrder: true);
        ((long)active["kubernetes.minor"]).ShouldBeGreaterThanOrEqualTo(20);
        active["namespaces"].ShouldBeOneOf("1-9", "10-99");
        active["host.arch"].ShouldBeOneOf("amd64", "arm64");
    }

    [Fact]
    public void No_request_contains_a_name_of_the_cluster()
    {
        foreach (var request in story.Requests)
        {
            var sent = Encoding.UTF8.GetString(request.Body) + string.Join('\n', request.Headers.Where(header => header.Key != "Host"));
            story.Secrets.Where(secret => sent.Contains(secret, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Every_request_is_OTLP_over_HTTP()
    {
        story.Requests.ShouldAllBe(request => request.Method == "POST" && request.Target == "/v1/logs" && request.Headers["Content-Type"] == "application/x-protobuf");
        story.Requests.SelectMany(request => request.Headers.Keys).Distinct(StringComparer.OrdinalIgnoreCase)
            .Except(["Host", "User-Agent", "Content-Type", "Content-Length", "Content-Encoding", "Transfer-Encoding"], StringComparer.OrdinalIgnoreCase)
            .ShouldBeEmpty();
        story.Requests.Select(request => request.Headers["User-Agent"]).Distinct().ShouldBe(["wayleave-operator"]);
        story.Requests.ShouldAllBe(request => request.Records.All(IsStamped));
    }

    private static bool IsStamped(OtlpRecord record) => record.Raw.TimeUnixNano > 0 && record.Raw.TimeUnixNano == record.Raw.ObservedTimeUnixNano;
}
