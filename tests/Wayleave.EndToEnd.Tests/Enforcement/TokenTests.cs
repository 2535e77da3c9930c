using Wayleave.EndToEnd.Tests.Lifecycle;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>Tokens that end, as those of Pods do, and their replacements in the same file. Deleting the Secret of a token revokes it.</summary>
[Collection(RestartCollection.Name)]
public sealed class TokenTests(LifecycleCluster lifecycle)
{
    private const string Account = "operator";

    private readonly TestCluster _cluster = lifecycle.Cluster;
    private readonly string _file = Path.Combine(lifecycle.Cluster.ControlPlane.Directory, $"{Guid.NewGuid():N}.token");

    [Fact]
    public async Task Logs_no_warning_when_a_token_is_replaced_before_it_expires()
    {
        await using var scene = await lifecycle.SetAsync();
        var running = await StartAsync(scene);
        var first = await File.ReadAllTextAsync(_file);
        await ReplaceAsync(scene, "second");
        await RevokeAsync(scene, "first", first);

        await scene.DeclareAsync("checkout", "[{kubernetes: {name: cart}}, {kubernetes: {name: orders}}]");
        await _cluster.UntilEnforcedAsync(scene.Namespace, "checkout");
        running.Lines().Where(line => line.Level != "Information").ShouldBeEmpty();
    }

    [Fact]
    public async Task Warns_about_an_expired_token_and_continues_with_the_next()
    {
        await using var scene = await lifecycle.SetAsync();
        var running = await StartAsync(scene);
        await RevokeAsync(scene, "first", await File.ReadAllTextAsync(_file));

        await scene.DeclareAsync("checkout", "[{kubernetes: {name: cart}}, {kubernetes: {name: orders}}]");
        var complaint = await running.WaitForLogAsync(LogEvent.KeepsFailing);
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

    /// <summary>Replaces the file, in one step, with a token that is bound to a new Secret.</summary>
    private async Task ReplaceAsync(Scene scene, string secret)
    {
        await KubectlAsync("create", "secret", "generic", secret, $"--namespace={scene.Home}");
        var token = await KubectlAsync(
            "create", "token", Account, $"--namespace={scene.Home}", "--bound-object-kind=Secret", $"--bound-object-name={secret}", "--duration=1h");
        await File.WriteAllTextAsync($"{_file}.new", token);
        File.Move($"{_file}.new", _file, overwrite: true);
    }

    private async Task RevokeAsync(Scene scene, string secret, string token)
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
