using System.Net;
using System.Net.Sockets;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>What cannot work is said in one line, before anything is tried.</summary>
public sealed class UnusableSettingsTests : IDisposable
{
    private const string NameRule = "use at most 63 lower-case letters, digits and -, and begin and end with a letter or a digit";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wayleave-settings-");

    [Theory]
    [InlineData("", "empty")]
    [InlineData("{clusters: []}", "current-context is not set")]
    [InlineData("{[", "")]
    [InlineData("just words", "")]
    [InlineData("{current-context: a}", "contexts")]
    [InlineData("{current-context: a, contexts: [{name: a, context: {cluster: b}}], clusters: []}", "clusters")]
    [InlineData("{current-context: a, contexts: [{name: a, context: {cluster: b}}], clusters: [{name: b, cluster: {server: 'http://127.0.0.1:1'}}]}", "https://")]
    [InlineData(
        "{current-context: a, contexts: [{name: a, context: {cluster: b}}], clusters: [{name: b, cluster: {server: 'https://127.0.0.1:1', insecure-skip-tls-verify: true}}]}",
        "insecure-skip-tls-verify is not supported: give certificate-authority-data instead")]
    [InlineData(
        "{current-context: a, contexts: [{name: a, context: {cluster: b, user: c}}], clusters: [{name: b, cluster: {server: 'https://127.0.0.1:1'}}], users: [{name: c, user: {exec: {command: touch}}}]}",
        "exec.apiVersion is missing; set it to client.authentication.k8s.io/v1")]
    public async Task A_kubeconfig_that_cannot_be_used_ends_it_with_2_and_one_line(string text, string complaint)
    {
        var path = Path.Combine(_folder.FullName, "kubeconfig");
        await File.WriteAllTextAsync(path, text);
        var line = await OneLineAsync(["--kubeconfig", path]);
        line.ShouldStartWith($"wayleave-operator: kubeconfig {path}: ");
        line.ShouldContain(complaint);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData(".")]
    public async Task A_kubeconfig_that_cannot_be_read_ends_it_with_2_and_one_line(string name)
    {
        var path = Path.Combine(_folder.FullName, name);
        (await OneLineAsync(["--kubeconfig", path])).ShouldStartWith($"wayleave-operator: kubeconfig {path} cannot be read: ");
    }

    [Fact]
    public async Task One_that_the_environment_names_is_no_other_case()
    {
        var path = Path.Combine(_folder.FullName, "missing");
        var settings = new OperatorSettings { Environment = new Dictionary<string, string> { ["KUBECONFIG"] = path } };
        (await OneLineAsync([], settings)).ShouldStartWith($"wayleave-operator: kubeconfig {path} cannot be read: ");
    }

    [Theory]
    [InlineData("--mode=maybe", "wayleave-operator: --mode: \"maybe\" is unknown; use one of Enforce, Shadow, Disabled")]
    [InlineData("--workers=many", "wayleave-operator: --workers: \"many\" is not a whole number; use 1 to 64")]
    [InlineData("--metrics-port=65536", "wayleave-operator: --metrics-port: \"65536\" is out of range; use 0 to 65535")]
    [InlineData("--leader-elect=perhaps", "wayleave-operator: --leader-elect: \"perhaps\" is neither true nor false; set it to true or false")]
    [InlineData("--bind-address=here", "wayleave-operator: --bind-address: \"here\" is neither * nor an IP address; use an address of this machine, or *")]
    [InlineData(
        "--probe-port=8080",
        "wayleave-operator: --metrics-port and --probe-port are both 8080; give each a port of its own (0 picks a free one)")]
    [InlineData(
        "--namespace=Foo Bar",
        "wayleave-operator: --namespace: \"Foo Bar\" cannot be the name of a namespace; " + NameRule)]
    [InlineData(
        "--watch-namespace=a/b",
        "wayleave-operator: --watch-namespace: \"a/b\" cannot be the name of a namespace; " + NameRule)]
    public async Task A_flag_that_cannot_be_read_ends_it_with_2_and_one_line(string flag, string line) =>
        (await OneLineAsync([flag])).ShouldBe(line);

    [Fact]
    public async Task A_port_that_is_in_use_ends_it_with_2_and_one_line()
    {
        var kubeconfig = Path.Combine(_folder.FullName, "kubeconfig");
        await File.WriteAllTextAsync(
            kubeconfig,
            "{current-context: a, contexts: [{name: a, context: {cluster: b}}], "
            + "clusters: [{name: b, cluster: {server: 'https://127.0.0.1:1'}}]}");
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var line = await OneLineAsync(["--kubeconfig", kubeconfig, "--metrics-port=0", $"--probe-port={port}", "--bind-address=127.0.0.1"]);

        line.ShouldStartWith($"wayleave-operator: --probe-port: port {port} is in use by another program");
    }

    [Fact]
    public async Task A_variable_that_cannot_be_read_is_called_by_its_own_name()
    {
        var settings = new OperatorSettings { Environment = new Dictionary<string, string> { ["WAYLEAVE_MODE"] = "maybe" } };
        (await OneLineAsync([], settings)).ShouldBe("wayleave-operator: WAYLEAVE_MODE: \"maybe\" is unknown; use one of Enforce, Shadow, Disabled");
    }

    [Fact]
    public async Task A_flag_that_there_is_not_starts_nothing()
    {
        await using var running = await EndedAsync(["--modus=Enforce"]);
        running.ExitCode.ShouldNotBe(0);
        running.Log.ShouldContain(line => line.Contains("--modus", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<string> OneLineAsync(IReadOnlyList<string> arguments, OperatorSettings? settings = null)
    {
        await using var running = await EndedAsync(arguments, settings);
        running.ExitCode.ShouldBe(2, string.Join('\n', running.Log));
        return running.Log.ShouldHaveSingleItem();
    }

    private static async Task<OperatorProcess> EndedAsync(IReadOnlyList<string> arguments, OperatorSettings? settings = null)
    {
        var running = OperatorProcess.Run(arguments, settings);
        await Poll.UntilAsync(
            "the operator to end with a word", _ => Task.FromResult(running.HasExited && running.Log.Any(line => line.Length > 0)), Poll.Patience, CancellationToken.None);
        return running;
    }
}
