using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Cli.Access;
using Wayleave.Cli.Commands;
using Wayleave.Cli.Manifests;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Hosting;

namespace Wayleave.Cli.Tests.Support;

/// <summary>What a command printed, and its exit code.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error);

/// <summary>A cluster in memory, and commands that are run against it.</summary>
public abstract partial class CliTest
{
    internal FakeConnection Connection { get; private set; } = new();

    internal bool IsTerminal { get; set; }

    internal bool IsInputTerminal { get; set; }

    internal Dictionary<string, string> Variables { get; } = [];

    internal string Input { get; set; } = "";

    /// <summary>Applies YAML documents.</summary>
    internal void Apply(string yaml)
    {
        foreach (var document in ManifestReader.Read("given", yaml))
        {
            switch (document.Kind)
            {
                case "Namespace":
                    Put<V1Namespace>(document);
                    Connection.CliCluster.User.Put(document.Content.Deserialize(FakeConnection.CliRegistry.Get<V1Namespace>().Json)!);
                    break;
                case "Deployment" when document.Content["metadata"]!["labels"] is JsonObject labels && labels["app.kubernetes.io/component"]?.GetValue<string>() == "operator":
                    Connection.CliCluster.User.Put(document.Content.Deserialize(CliKinds.Registry.Get<InstalledDeployment>().Json)!);
                    break;
                case "Deployment":
                    Put<PartialDeployment>(document);
                    break;
                case "StatefulSet":
                    Put<PartialStatefulSet>(document);
                    break;
                case "Service":
                    Put<PartialService>(document);
                    break;
                case "Pod":
                    Connection.CliCluster.User.Put(document.Content.Deserialize(CliKinds.Registry.Get<LivePod>().Json)!);
                    break;
                case "NetworkPolicy":
                    Put<V1NetworkPolicy>(document);
                    break;
                case "ClientIntents":
                    Put<ClientIntents>(document);
                    break;
                case "ObservedIntents":
                    Connection.CliCluster.User.Put(document.Content.Deserialize(CliKinds.Registry.Get<ObservedIntents>().Json)!);
                    Put<ObservedIntents>(document);
                    break;
                case "ProtectedService":
                    Put<ProtectedService>(document);
                    break;
                case "EnforcementPolicy":
                    Put<EnforcementPolicy>(document);
                    break;
                case "Cluster":
                    Put<Cluster>(document);
                    break;
                default:
                    throw new InvalidOperationException($"No test has a {document.Kind}.");
            }
        }
    }

    /// <summary>Runs the operator's own code until it has written its policies and statuses, then stops it.</summary>
    internal async Task RunOperatorAsync(
        Testing.Meaning.Defaults? defaults = null, Wayleave.Operator.Tests.Meaning.Running.RunningOptions? options = null)
    {
        await using var running = await Wayleave.Operator.Tests.Meaning.Running.RunningOperator.StartAsync(
            Connection.Cluster, defaults ?? new Testing.Meaning.Defaults(Enforcement.EnforcementMode.Enforce, Egress: false), options);
        await running.SettleAsync();
    }

    internal async Task<CliResult> RunAsync(params IReadOnlyList<string> arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = await CliCommand.InvokeAsync([.. arguments], Configure(new CliEnvironment
        {
            Output = output,
            Error = error,
            Input = new StringReader(Input),
            Variables = Variables,
            IsTerminal = IsTerminal,
            IsInputTerminal = IsInputTerminal,
            IsErrorTerminal = IsInputTerminal,
            Time = new FixedTime(),
            Connect = (_, _) => Connection,
        }));
        return new CliResult(code, output.ToString(), error.ToString());
    }

    /// <summary>Changes the environment of a test's commands. Without a folder for the state there is no telemetry.</summary>
    internal virtual CliEnvironment Configure(CliEnvironment environment) => environment;

    /// <summary>
    /// Compares the output with a file in Golden, except for resource versions, which depend on how many statuses the operator wrote in
    /// between. <c>WAYLEAVE_UPDATE_GOLDEN=1</c> writes the file instead.
    /// </summary>
    internal static void ShouldBeGolden(string text, string name)
    {
        text = TimePattern().Replace(NumberPattern().Replace(text, "0"), "2026-01-01T00:00:00Z");
        if (Environment.GetEnvironmentVariable("WAYLEAVE_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(Testing.Checkout.PathOf($"tests/Wayleave.Cli.Tests/Golden/{name}.txt"), text);
            return;
        }

        text.ShouldBe(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", $"{name}.txt")));
    }

    // What the API server numbers and dates depends on the order of the operator's writes, of which several run at once.
    [GeneratedRegex("""(?<=resourceVersion"?: ["']|uid"?: "?uid-)\d+""", RegexOptions.None, 1000)]
    private static partial Regex NumberPattern();

    [GeneratedRegex("""(?<=(creationTimestamp|lastTransitionTime)"?: ["'])[^"']+""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TimePattern();

    private void Put<TEntity>(ManifestDocument document)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        Connection.Cluster.User.Put(document.Content.Deserialize(ApiClients.Registry.Get<TEntity>().Json)!);

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 1, 5, 0, 0, TimeSpan.Zero);
    }
}
