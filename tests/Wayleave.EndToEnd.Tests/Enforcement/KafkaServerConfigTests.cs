using System.Net;
using Wayleave.Api;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Enforcement;

[Collection(SharedClusterCollection.Name)]
public sealed class KafkaServerConfigTests(SharedCluster shared) : EnforcementTest(shared)
{
    [Fact]
    public async Task Accepts_a_valid_config_and_says_that_no_rules_are_set_in_Kafka()
    {
        var streams = await NewNamespaceAsync();
        await ApplyAsync(Yaml.KafkaServer(streams, "kafka", "kafka.streams.svc:9092", ", topics: [{name: orders}, {name: audit-, pattern: Prefix, intentsRequired: false}]"));

        var config = await Cluster.UntilKafkaServerAsync(streams, "kafka", "True", Reasons.Accepted);

        config.Status!.Conditions![0].Message.ShouldBe("valid; this version does not write Kafka ACLs");
    }

    [Theory]
    [InlineData("kafka.streams.svc:70000", "", "spec.address: ")]
    [InlineData("kafka:9092", ", topics: [{name: a}, {name: b}, {name: a, pattern: Literal}]", "spec.topics[2]: the same name and pattern as spec.topics[0]; remove one of them")]
    public async Task The_operator_reports_an_invalid_field_that_the_schema_accepts(string address, string more, string message)
    {
        var streams = await NewNamespaceAsync();
        await ApplyAsync(Yaml.KafkaServer(streams, "kafka", address, more));

        var config = await Cluster.UntilKafkaServerAsync(streams, "kafka", "False", Reasons.InvalidSpec);

        config.Status!.Conditions!.ShouldAllBe(condition => condition.Message.StartsWith(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("kafka", "", "spec.address")]
    [InlineData("https://kafka:9092", "", "spec.address")]
    [InlineData("kafka:9092", ", topics: [{name: \"a b\"}]", "spec.topics.name")]
    [InlineData("kafka:9092", ", topics: [{name: a, pattern: Glob}]", "spec.topics.pattern")]
    public async Task The_API_server_rejects_a_schema_violation_and_names_the_field(string address, string more, string field)
    {
        var refused = await Should.ThrowAsync<HttpRequestException>(() => ApplyAsync(Yaml.KafkaServer("default", "refused", address, more)));

        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        ClusterExpectations.WithoutIndexes(refused.Message).ShouldContain(field);
    }
}
