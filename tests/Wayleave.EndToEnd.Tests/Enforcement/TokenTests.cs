using Wayleave.EndToEnd.Tests.Lifecycle;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>Tokens that end, as those of pods do, and their successors in the same file. Each is tied to a Secret, and ends with it.</summary>
[Collection(RestartCollection.Name)]
public sealed class TokenTests(LifecycleCluster lifecycle)
{
    private const string Account = "operator";

    private readonly TestCluster _cluster = lifecycle.Cluster;
    private readonly string _file = Path.Combine(lifecycle.Cluster.ControlPlane.Directory, $"{Guid.NewGuid():N}.token");

    [Fact]
    public async Task One_that_was_replaced_before_it_ended_is_not_noticed()
    {
        await using var scene = await lifecycle.SetAsync();
        var running = await StartAsync(scene);
        var first = await File.ReadAllTextAsync(_file);
        await ReplaceAsync(scene, "second");
        await EndAsync(scene, "first", first);

        await scene.DeclareAsync("checkout", "[{kubernetes: {name: cart}}, {kubernetes: {name: orders}}]");
        await _cluster.UntilEnforcedAsync(scene.Namespace, "checkout");
        running.Lines().Where(line => line.Level != "Information").ShouldBeEmpty();
    }

    [Fact]
    public async Task One_that_ends_is_complained_of_and_work_goes_on_with_the_next()
    {
        await using var scene = await lifecycle.SetAsync();
        var running = await StartAsync(scene);
        await EndAsync(scene, "first", await File.ReadAllTextAsync(_file));

        await scene.DeclareAsync("checkout", "[{kubernetes: {name: cart}}, {kubernetes: {name: orders}}]");
        var complaint = await running.WaitForLogAsync(LogMessages.KeepsFailing);
        complaint.Level.ShouldBe("Warning");
        running.Log.ShouldContain(line => line.Contains("401 Unauthorized", StringComparison.Ordinal));

        await ReplaceAsync(scene, "second");
        await _cluster.UntilEnforcedAsync(scene.Namespace, "checkout");
        running.HasExited.ShouldBeFalse();
        (await running.IsReadyAsync(CancellationToken.None)).ShouldBeTrue();
    }

    private async Task<OperatorProcess> StartAsync(Scene scene)
    {
        await scene.DeployAsync("cart", "orders", "checkout");
        var account = await ServiceAccount.CreateAsync(_cluster.ControlPlane, scene.Home, Account);
        await ReplaceAsync(scene, "first");
        var kubeconfig = await account.WriteKubeconfigAsync(_cluster.ControlPlane);
        var text = await File.ReadAllTextAsync(kubeconfig);
        await File.WriteAllTextAsync(kubeconfig, text.Replace($"token: {account.Token}", $"tokenFile: {_file}", StringComparison.Ordinal));
        var running = await scene.StartAsync(new OperatorSettings { Arguments = [LifecycleCluster.NoTelemetry] }, kubeconfig);
        await scene.DeclareAsync("checkout", "[{kubernetes: {name: cart}}]");
        await _cluster.UntilEnforcedAsync(scene.Namespace, "checkout");
        return running;
    }

    /// <summary>Puts a token that is tied to a new Secret in the file, as a whole.</summary>
    private async Task ReplaceAsync(Scene scene, string secret)
    {
        await KubectlAsync("create", "secret", "generic", secret, $"--namespace={scene.Home}");
        var token = await KubectlAsync(
            "create", "token", Account, $"--namespace={scene.Home}", "--bound-object-kind=Secret", $"--bound-object-name={secret}", "--duration=1h");
        await File.WriteAllTextAsync($"{_file}.new", token);
        File.Move($"{_file}.new", _file, overwrite: true);
    }

    private async Task EndAsync(Scene scene, string secret, string token)
    {
        await KubectlAsync("delete", "secret", secret, $"--namespace={scene.Home}");
        var kubeconfig = await new ServiceAccount(Account, token).WriteKubeconfigAsync(_cluster.ControlPlane);
        await Poll.UntilAsync(
            "the old token to be refused",
            async cancellation => (await _cluster.ControlPlane.KubectlAsync(["get", "namespaces", $"--kubeconfig={kubeconfig}"], cancellationToken: cancellation)).Error,
            error => error.Contains("Unauthorized", StringComparison.Ordinal),
            Poll.Patience,
            CancellationToken.None);
    }

    private async Task<string> KubectlAsync(params IReadOnlyList<string> arguments) =>
        (await _cluster.ControlPlane.KubectlAsync(arguments)).EnsureSuccess().Output.Trim();
}
