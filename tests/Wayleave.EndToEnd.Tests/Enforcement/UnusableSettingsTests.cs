using System.Net;
using System.Net.Sockets;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>Invalid settings are reported in one line, before the operator connects to anything.</summary>
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
    public async Task Exits_with_2_and_one_line_for_an_invalid_kubeconfig(string text, string complaint)
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
    public async Task Exits_with_2_and_one_line_for_an_unreadable_kubeconfig(string name)
    {
        var path = Path.Combine(_folder.FullName, name);
        (await OneLineAsync(["--kubeconfig", path])).ShouldStartWith($"wayleave-operator: kubeconfig {path} cannot be read: ");
    }

    [Fact]
    public async Task Exits_with_2_and_one_line_for_an_unreadable_kubeconfig_of_the_environment()
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
    public async Task Exits_with_2_and_one_line_for_an_invalid_flag(string flag, string line) =>
        (await OneLineAsync([flag])).ShouldBe(line);

    [Fact]
    public async Task Exits_with_2_and_one_line_for_a_port_in_use()
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
    public async Task Names_an_invalid_environment_variable()
    {
        var settings = new OperatorSettings { Environment = new Dictionary<string, string> { ["WAYLEAVE_MODE"] = "maybe" } };
        (await OneLineAsync([], settings)).ShouldBe("wayleave-operator: WAYLEAVE_MODE: \"maybe\" is unknown; use one of Enforce, Shadow, Disabled");
    }

    [Fact]
    public async Task Exits_with_an_error_for_an_unknown_flag()
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
            "the operator to exit with a message", _ => Task.FromResult(running.HasExited && running.Log.Any(line => line.Length > 0)), Poll.Patience, CancellationToken.None);
        return running;
    }
}
