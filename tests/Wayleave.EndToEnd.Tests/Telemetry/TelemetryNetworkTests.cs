using System.Text.Json.Nodes;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Telemetry;

/// <summary>Traces the system calls of the operator at work, to see every address that it connects or sends to.</summary>
[Collection(TelemetryCollection.Name)]
public sealed class TelemetryNetworkTests(TelemetryCluster cluster)
{
    // A name that does not resolve: any attempt to reach it causes a DNS lookup.
    private const string Nowhere = "http://collector.wayleave.invalid:4318";

    [Theory]
    [InlineData("", "--telemetry-enabled=false")]
    [InlineData("WAYLEAVE_TELEMETRY_ENABLED=false", "")]
    [InlineData("DO_NOT_TRACK=1", "")]
    [InlineData("OTEL_SDK_DISABLED=True", "--telemetry-enabled=true")]
    [InlineData("WAYLEAVE_TELEMETRY_ENABLED=maybe", "")]
    [InlineData("WAYLEAVE_TELEMETRY_USAGE_ENABLED=false", "--telemetry-errors-enabled=false")]
    public async Task Connects_only_to_the_API_server_and_writes_no_telemetry_status_when_off(string variable, string flag)
    {
        await using var stage = await cluster.SetAsync();
        var addresses = await WorkAsync(stage, variable, [.. flag.Length > 0 ? [flag] : Array.Empty<string>(), $"--telemetry-endpoint={Nowhere}"]);

        addresses.ShouldBe([ApiServer]);
        (await stage.ReadLedgerAsync()).ShouldBeNull();
        (await StatusAsync(stage)).ContainsKey("telemetry").ShouldBeFalse();
    }

    [Fact]
    public async Task Connects_only_to_the_API_server_without_an_endpoint()
    {
        await using var stage = await cluster.SetAsync();

        (await WorkAsync(stage, "", ["--telemetry-endpoint", ""])).ShouldBe([ApiServer]);
        (await StatusAsync(stage)).ContainsKey("telemetry").ShouldBeTrue();
    }

    [Fact]
    public async Task The_trace_shows_the_collector_and_its_DNS_lookup_when_telemetry_is_on()
    {
        await using var stage = await cluster.SetAsync();
        await WorkAsync(stage, "", ["--telemetry-endpoint", stage.Collector.Endpoint.OriginalString], until: address => address == stage.Collector.Endpoint.Authority);
        await using var other = await cluster.SetAsync();
        await WorkAsync(other, "", [$"--telemetry-endpoint={Nowhere}"], until: IsLookup);
    }

    private static bool IsLookup(string address) => address.EndsWith(":53", StringComparison.Ordinal) || address.Contains("nscd", StringComparison.Ordinal);

    private string ApiServer => $"{cluster.Cluster.ControlPlane.Server.Host}:{cluster.Cluster.ControlPlane.Server.Port}";

    private static async Task<IReadOnlyList<string>> WorkAsync(
        TelemetryStage stage, string variable, string[] flags, Predicate<string>? until = null)
    {
        var trace = Path.GetTempFileName();
        var settings = new OperatorSettings
        {
            Arguments = ["--telemetry-flush-interval=1s", "--telemetry-active-interval=1s", .. flags],
            Environment = variable.Length == 0 ? new Dictionary<string, string>(StringComparer.Ordinal) : new(StringComparer.Ordinal) { [variable.Split('=')[0]] = variable.Split('=')[1] },
            TracePath = trace,
        };
        var running = await stage.Scene.StartAsync(settings);
        await running.WaitUntilReadyAsync();
        await stage.ApplyOneAsync("gone");
        await stage.DeleteOneAsync("gone");
        await stage.ApplyOneAsync("cart");
        await Poll.UntilAsync("the address looked for", _ => Task.FromResult(NetworkTrace.Read(trace)), seen => until is null || seen.Any(until.Invoke), Poll.Patience, default);
        await running.StopAsync();
        await Poll.UntilAsync("the end of the trace", _ => Task.FromResult(NetworkTrace.IsComplete(trace, running.Id)), Poll.Patience, default);
        var addresses = NetworkTrace.Read(trace);
        File.Delete(trace);
        return addresses;
    }

    // Reads the stored JSON, so that fields without a property here are seen too.
    private static async Task<JsonObject> StatusAsync(TelemetryStage stage)
    {
        string[] get = ["get", "clientintents", "caller-of-cart", "--namespace", stage.Scene.Namespace, "-o", "json"];
        var answer = await stage.Scene.Cluster.ControlPlane.KubectlAsync(get);
        answer.EnsureSuccess();
        return JsonNode.Parse(answer.Output)!["status"]!.AsObject();
    }
}
