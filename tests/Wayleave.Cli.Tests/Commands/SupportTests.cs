using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Wayleave.Cli.Tests.Support;

namespace Wayleave.Cli.Tests.Commands;

public sealed class SupportTests : CliTest, IDisposable
{
    private const string Intents =
        """
        {"apiVersion": "wayleave.dev/v1beta1", "kind": "ClientIntentsList", "items": [{
          "metadata": {
            "name": "canary-checkout", "namespace": "canary-shop", "creationTimestamp": "2026-01-01T00:00:00Z", "generation": 2,
            "labels": {"canary-team": "canary-red", "app.kubernetes.io/name": "canary-app"},
            "annotations": {"canary.example/note": "canary text"},
            "managedFields": [{"manager": "canary-tool"}]
          },
          "spec": {"targets": [{"kubernetes": {"name": "canary-cart.canary-shop", "ports": [8080]}}, {"internet": {"domains": ["canary.example"]}}]},
          "status": {"conditions": [{"type": "Ready", "status": "False", "reason": "ServerNotFound", "message": "canary-cart not found"}]}
        }]}
        """;

    private const string Deployments =
        """
        {"items": [{"spec": {"template": {"spec": {"containers": [{
          "image": "canary.example/wayleave-operator:1",
          "args": ["--mode=Enforce", "--egress", "--telemetry-flush-interval=30s", "--namespace=canary-system", "--telemetry-headers=key=canary-key", "--telemetry-headers", "key=canary-key"],
          "env": [{"name": "CANARY_KEY", "value": "canary-secret"}]
        }]} } } }]}
        """;

    private const string Pods =
        """
        {"items": [{"metadata": {"name": "canary-pod", "namespace": "canary-system"},
          "status": {"phase": "Running", "containerStatuses": [{"restartCount": 1, "lastState": {"terminated": {"exitCode": 139, "reason": "Error"} } }]} }]}
        """;

    private const string Log =
        """
        {"Timestamp":"2026-01-01T00:00:00.000Z","LogLevel":"Warning","Category":"Wayleave.Operator","Message":"canary-cart is gone","State":{"ObjectName":"canary-cart","Times":3,"{OriginalFormat}":"{ObjectName} is gone"},"Exception":"System.IO.IOException: canary-file\n   at Wayleave.Operator.Program.Main(String[] args)"}
        Unhandled exception. System.InvalidOperationException: canary-cart
           at Wayleave.Operator.Program.Main(String[] args)
        canary-cart
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("wayleave-support-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task No_name_and_no_free_text_is_in_a_bundle()
    {
        var files = await BundleAsync();

        files.Count.ShouldBe(7);
        files.ShouldAllBe(file => !file.Key.Contains("canary", StringComparison.OrdinalIgnoreCase));
        foreach (var (name, text) in files)
        {
            text.ShouldNotContain("canary", Case.Insensitive, name);
        }
    }

    [Fact]
    public async Task What_helps_to_find_the_cause_stays()
    {
        var files = await BundleAsync();

        var intents = JsonNode.Parse(files["objects/clientintents.json"])!["items"]![0]!;
        intents["status"]!["conditions"]!.ToJsonString().ShouldContain("\"type\":\"Ready\",\"status\":\"False\",\"reason\":\"ServerNotFound\"");
        ((int)intents["spec"]!["targets"]![0]!["kubernetes"]!["ports"]![0]!).ShouldBe(8080);
        ((string)intents["metadata"]!["creationTimestamp"]!).ShouldBe("2026-01-01T00:00:00Z");
        intents["metadata"]!["labels"]!.AsObject().Select(label => label.Key).ShouldContain("app.kubernetes.io/name");
        files["operator/deployments.json"].ShouldContain("--mode=Enforce");
        files["operator/deployments.json"].ShouldContain("--telemetry-flush-interval=30s");
        files["operator/pods.json"].ShouldContain("\"exitCode\": 139");

        var log = files.Single(file => file.Key.EndsWith("/log.txt", StringComparison.Ordinal)).Value.Split('\n');
        log[0].ShouldContain("\"Template\":\"{ObjectName} is gone\"");
        log[0].ShouldContain("System.IO.IOException");
        log[1].ShouldBe("Unhandled exception. System.InvalidOperationException");
        log[2].ShouldBe("   at Wayleave.Operator.Program.Main");
        log[3].ShouldBe("(omitted)");
        files.Keys.ShouldContain(file => file.EndsWith("/log-before-restart.txt", StringComparison.Ordinal));
        files.Single(file => file.Key.EndsWith("/metrics.txt", StringComparison.Ordinal)).Value
            .ShouldMatch("^rest_client_requests_total\\{host=\"h-[0-9a-f]{10}\",code=\"200\"\\} 3\n$");
    }

    [Fact]
    public async Task One_name_has_one_hash_in_a_bundle_and_another_in_the_next()
    {
        var (first, second) = (await NamesAsync(), await NamesAsync());

        first[0].ShouldBe(first[1]);
        second[0].ShouldBe(second[1]);
        first[0].ShouldNotBe(second[0]);

        // The namespace of the ClientIntents, and the same text as a label's value.
        async Task<string[]> NamesAsync()
        {
            var files = await BundleAsync(intents: Intents.Replace("canary-red", "canary-shop", StringComparison.Ordinal));
            var metadata = JsonNode.Parse(files["objects/clientintents.json"])!["items"]![0]!["metadata"]!;
            return [(string)metadata["namespace"]!, metadata["labels"]!.AsObject().Select(label => (string)label.Value!).First()];
        }
    }

    [Fact]
    public async Task With_names_they_stay_and_secrets_do_not()
    {
        var files = await BundleAsync("--with-names");

        files["objects/clientintents.json"].ShouldContain("\"name\": \"canary-checkout\"");
        files["operator/canary-pod/log.txt"].ShouldContain("canary-cart is gone");
        var all = string.Concat(files.Values);
        all.ShouldNotContain("canary-secret");
        all.ShouldNotContain("canary-key");
        all.ShouldNotContain("canary-tool");
    }

    [Fact]
    public async Task What_may_not_be_read_is_listed_and_the_rest_is_written()
    {
        var result = await RunAsync("support", "bundle", "--output-file", Path.Combine(_folder, "bundle.tar.gz"));

        result.ExitCode.ShouldBe(ExitCodes.Success);
        result.Error.ShouldContain("Note: not read: objects/clientintents.json: Forbidden\n");
        (await ReadAsync("bundle.tar.gz"))["README.txt"].ShouldContain("- operator/pods.json: Forbidden\n");
    }

    [Fact]
    public async Task A_file_that_exists_is_not_overwritten()
    {
        var path = Path.Combine(_folder, "bundle.tar.gz");
        await File.WriteAllTextAsync(path, "mine");

        (await RunAsync("support", "bundle", "--output-file", path)).ExitCode.ShouldBe(ExitCodes.Failure);
        (await File.ReadAllTextAsync(path)).ShouldBe("mine");
    }

    private async Task<Dictionary<string, string>> BundleAsync(string? option = null, string intents = Intents)
    {
        const string Pod = "api/v1/namespaces/canary-system/pods/canary-pod";
        Connection.Texts["apis/wayleave.dev/v1beta1/clientintents"] = intents;
        Connection.Texts["apis/apps/v1/deployments"] = Deployments;
        Connection.Texts["api/v1/pods"] = Pods;
        Connection.Texts[$"{Pod}/log"] = Log;
        Connection.Texts[$"{Pod}:8080/proxy/metrics"] = "rest_client_requests_total{host=\"canary.example:443\",code=\"200\"} 3\n";
        var name = $"{Guid.NewGuid():N}.tar.gz";
        string[] options = option is null ? [] : [option];
        var result = await RunAsync(["support", "bundle", "--output-file", Path.Combine(_folder, name), .. options]);

        result.ExitCode.ShouldBe(ExitCodes.Success);
        result.Output.ShouldBe($"{Path.Combine(_folder, name)}\n");
        return await ReadAsync(name);
    }

    private async Task<Dictionary<string, string>> ReadAsync(string name)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var file = File.OpenRead(Path.Combine(_folder, name));
        await using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        await using var archive = new TarReader(unpacked);
        while (await archive.GetNextEntryAsync() is { } entry)
        {
            using var reader = new StreamReader(entry.DataStream!);
            files.Add(entry.Name[(entry.Name.IndexOf('/', StringComparison.Ordinal) + 1)..], await reader.ReadToEndAsync());
        }

        return files;
    }
}
