using System.Net;
using System.Security.Authentication;
using System.Text.Json;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Client;
using Wayleave.Operator.Clusters;
using YamlDotNet.RepresentationModel;

namespace Wayleave.Operator.Tests.Clusters;

public sealed class ClusterHealthCheckTests
{
    [Theory]
    [InlineData("1", "20")]
    [InlineData("1", "36")]
    [InlineData("1", "21+")]
    [InlineData("2", "0")]
    public async Task Returns_a_supported_version(string major, string minor) =>
        (await ClusterHealthCheck.CheckConnectionAsync(new FakeMemberClient(major, minor), CancellationToken.None)).ShouldBe($"v{major}.{minor}.0");

    [Theory]
    [InlineData("19")]
    [InlineData("9+")]
    public async Task Rejects_an_older_version_and_says_to_upgrade(string minor)
    {
        var error = await FailureAsync(new FakeMemberClient("1", minor));

        error.Reason.ShouldBe(Reasons.NotServed);
        error.Message.ShouldBe($"Kubernetes v1.{minor}.0 is not supported; upgrade the cluster to 1.20 or later");
    }

    [Fact]
    public async Task Rejects_a_cluster_that_does_not_serve_NetworkPolicies() =>
        (await FailureAsync(new FakeMemberClient("1", "36") { ServesPolicies = false })).ShouldBe(
            new(
                TargetStateNames.Failed,
                Reasons.NotServed,
                "the API server does not serve networking.k8s.io/v1 NetworkPolicies; upgrade the cluster"));

    [Theory]
    [InlineData("list namespaces", "list namespaces")]
    [InlineData("delete networkpolicies", "delete networkpolicies.networking.k8s.io")]
    public async Task Names_the_first_missing_permission(string missing, string named)
    {
        var error = await FailureAsync(new FakeMemberClient("1", "36") { Forbidden = missing });

        error.Reason.ShouldBe(Reasons.Forbidden);
        error.Message.ShouldBe($"the credentials lack the permission to {named}; apply member-role.yaml of the chart in the cluster");
    }

    [Fact]
    public async Task Checks_exactly_the_permissions_of_the_chart_role_for_members()
    {
        var client = new FakeMemberClient("1", "36");
        await ClusterHealthCheck.CheckConnectionAsync(client, CancellationToken.None);

        client.Asked.ShouldBe(Granted(), ignoreOrder: true);
    }

    public static TheoryData<Exception, string, string> Failures => new()
    {
        { new HttpRequestException(null, new AuthenticationException()), Reasons.Unreachable, "certificate" },
        {
            new HttpRequestException(HttpRequestError.ConnectionError), Reasons.Unreachable,
            "the API server cannot be reached (ConnectionError)"
        },
        { new TimeoutException("of c4n4ry"), Reasons.Unreachable, "the API server does not respond in time" },
        { new JsonException("at c4n4ry"), Reasons.Unreachable, "the server does not respond like a Kubernetes API server" },
        {
            ApiErrors.Create(new V1Status { Message = "c4n4ry" }, HttpStatusCode.Unauthorized), Reasons.Unauthorized,
            "the API server rejects the credentials"
        },
        {
            ApiErrors.Create(new V1Status { Message = "c4n4ry" }, HttpStatusCode.InternalServerError), Reasons.Unreachable,
            "the API server returns server errors"
        },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Reports_a_failure_without_repeating_the_message_of_the_error(Exception failure, string reason, string message)
    {
        var error = await Should.ThrowAsync<ClusterException>(ClusterHealthCheck.TranslateErrorsAsync<int>(() => throw failure));

        error.Result.Reason.ShouldBe(reason);
        error.Result.Message!.ShouldContain(message);
        error.Result.Message!.ShouldNotContain("c4n4ry");
    }

    private static async Task<Enforcement.TargetResult> FailureAsync(FakeMemberClient client) =>
        (await Should.ThrowAsync<ClusterException>(ClusterHealthCheck.CheckConnectionAsync(client, CancellationToken.None))).Result;

    // Rules with resourceNames are skipped: a missing permission to get kube-system shows when it is read.
    private static IEnumerable<string> Granted()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "member-role.yaml"))));
        var role = yaml.Documents.Select(document => document.RootNode).Single(node => node["kind"].ToString() == "ClusterRole");
        return from rule in (YamlSequenceNode)role["rules"]
               where !((YamlMappingNode)rule).Children.ContainsKey("resourceNames")
               from resource in (YamlSequenceNode)rule["resources"]
               from verb in (YamlSequenceNode)rule["verbs"]
               select $"{verb} {resource}.{rule["apiGroups"][0]}".TrimEnd('.');
    }
}
