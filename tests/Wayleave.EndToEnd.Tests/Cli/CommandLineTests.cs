using System.Formats.Tar;
using System.IO.Compression;
using Wayleave.EndToEnd.Tests.Enforcement;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using static Wayleave.EndToEnd.Tests.Enforcement.ClusterExpectations;
using static Wayleave.EndToEnd.Tests.Enforcement.PolicyText;

namespace Wayleave.EndToEnd.Tests.Cli;

/// <summary>The commands on a real API server with the shared operator, which runs outside the cluster and so has no Deployment.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed class CommandLineTests(SharedCluster shared) : EnforcementTest(shared)
{
    [Fact]
    public async Task Lists_and_gets_declarations_and_policies()
    {
        var shop = await GivenAsync();

        (await RunAsync("intents", "list", "-n", shop)).EnsureSuccess().Output.ShouldMatch(
            "^NAME +CLIENT +READY +REASON +ENFORCED +AGE\ncheckout +checkout +True +Enforced +2/2 +[0-9a-z]+\n$");
        (await RunAsync("intents", "list", "-A", "-o", "name")).EnsureSuccess().Output.ShouldContain("clientintents.wayleave.dev/checkout\n");
        (await RunAsync("intents", "get", "checkout", "-n", shop)).EnsureSuccess().Output.ShouldMatch($"cart\\.{shop} +kubernetes +Enforced +Enforced");
        (await RunAsync("policies", "list", "-n", shop, "--no-headers")).EnsureSuccess().Output.ShouldMatch(
            "^wayleave-deployment-cart-ingress +deployment/cart +ingress +2 +[0-9a-z]+\nwayleave-deployment-orders-ingress ");
        (await RunAsync("clusters", "list")).EnsureSuccess();

        // kubectl accepts what the program prints.
        var yaml = (await RunAsync("intents", "get", "checkout", "-n", shop, "-o", "yaml")).EnsureSuccess().Output;
        (await Cluster.ControlPlane.KubectlAsync(["apply", "--dry-run=server", "-f", "-"], yaml)).EnsureSuccess();
    }

    [Fact]
    public async Task Explains_a_workload_and_answers_whether_it_may_be_called()
    {
        var shop = await GivenAsync();

        var explained = (await RunAsync("intents", "explain", "cart", "-n", shop)).EnsureSuccess().Output;
        explained.ShouldContain($"networkpolicy/wayleave-deployment-cart-ingress.{shop}: up to date");
        explained.ShouldMatch($"deployment/checkout\\.{shop} +8080 +clientintents/checkout\\.{shop} spec\\.targets\\[0\\]");

        (await RunAsync("intents", "can", "checkout", "cart", "--port", "8080", "-n", shop)).EnsureSuccess().Output.ShouldStartWith("yes: ");
        var denied = await RunAsync("intents", "can", $"admin.{shop}", $"cart.{shop}", "--port", "8080");
        denied.ExitCode.ShouldBe(3);
        denied.Output.ShouldContain($"no rule of networkpolicy/wayleave-deployment-cart-ingress.{shop} allows it");
    }

    [Fact]
    public async Task What_a_preview_shows_is_what_an_apply_makes()
    {
        var shop = await GivenAsync();
        var file = Path.Combine(Cluster.ControlPlane.Directory, $"{shop}.yaml");
        var changed = Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart, ports: [8080, 8443]}}, {kubernetes: {name: admin}}]");
        await File.WriteAllTextAsync(file, changed);

        var preview = (await RunAsync("intents", "preview", "-f", file)).EnsureSuccess().Output;
        preview.ShouldContain($"create networkpolicy/wayleave-deployment-admin-ingress in namespace {shop}");
        preview.ShouldContain($"update networkpolicy/wayleave-deployment-cart-ingress in namespace {shop}");
        preview.ShouldContain($"delete networkpolicy/wayleave-deployment-orders-ingress in namespace {shop}");
        (await Cluster.PolicyNamesAsync(shop)).ShouldBe([PolicyName("cart"), PolicyName("orders")], ignoreOrder: true);

        await ApplyAsync(changed);
        await Cluster.UntilPolicyAsync(shop, PolicyName("cart"), Allow("cart", From(shop, "checkout", 8080, 8443)));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        (await RunAsync("intents", "preview", "-f", file)).EnsureSuccess().Output.ShouldBeEmpty();
        (await RunAsync("policies", "diff", "-n", shop)).EnsureSuccess().Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_API_server_and_validate_refuse_the_same_file()
    {
        var shop = await NewNamespaceAsync();
        var file = Path.Combine(Cluster.ControlPlane.Directory, $"{shop}-invalid.yaml");
        await File.WriteAllTextAsync(file, Yaml.Intents(shop, "checkout", "[{kubernetes: {name: Cart}}]"));

        var result = await RunAsync("intents", "validate", "-f", file);
        result.ExitCode.ShouldBe(3);
        result.Output.ShouldContain($"{file}:6: error: spec.targets[0].kubernetes.name: ");
        (await Cluster.ControlPlane.KubectlAsync(["apply", "--dry-run=server", "-f", file])).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task A_user_with_few_rights_is_shown_the_verb_and_the_resource()
    {
        var shop = await GivenAsync();
        await KubectlAsync("create", "serviceaccount", "reader", $"--namespace={shop}");
        await KubectlAsync("create", "role", "reader", "--verb=list,get", "--resource=clientintents.wayleave.dev", $"--namespace={shop}");
        await KubectlAsync("create", "rolebinding", "reader", "--role=reader", $"--serviceaccount={shop}:reader", $"--namespace={shop}");
        var token = (await KubectlAsync("create", "token", "reader", $"--namespace={shop}")).Trim();
        var kubeconfig = await new ServiceAccount("reader", token).WriteKubeconfigAsync(Cluster.ControlPlane);

        (await CliProgram.RunAsync(kubeconfig, "intents", "list", "-n", shop)).EnsureSuccess();
        var refused = await CliProgram.RunAsync(kubeconfig, "policies", "list", "-n", shop);
        refused.ExitCode.ShouldBe(1);
        refused.Output.ShouldBeEmpty();
        refused.Error.ShouldStartWith("Error from server (Forbidden): ");
        refused.Error.ShouldContain($"User \"system:serviceaccount:{shop}:reader\" cannot list resource \"networkpolicies\"");
    }

    [Fact]
    public async Task Uses_the_exec_plugin_and_the_context_of_a_list_of_kubeconfigs()
    {
        var shop = await GivenAsync();
        await KubectlAsync("create", "serviceaccount", "admin", $"--namespace={shop}");
        await KubectlAsync("create", "clusterrolebinding", shop, "--clusterrole=cluster-admin", $"--serviceaccount={shop}:admin");
        var token = (await KubectlAsync("create", "token", "admin", $"--namespace={shop}")).Trim();
        var folder = Directory.CreateTempSubdirectory("wayleave-exec-").FullName;
        var plugin = Path.Combine(folder, "login");
        await File.WriteAllTextAsync(
            plugin,
            $$$"""
            #!/bin/sh
            echo '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "{{{token}}}"}}'
            """);
        CliProgram.MakeExecutable(plugin);
        var users = Path.Combine(folder, "users.yaml");
        await File.WriteAllTextAsync(
            users,
            $$$"""
            apiVersion: v1
            kind: Config
            contexts: [{name: by-exec, context: {cluster: own, user: by-exec, namespace: {{{shop}}} } }]
            users: [{name: by-exec, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: "{{{plugin}}}", interactiveMode: Never} } }]
            """);
        var clusters = await new ServiceAccount("none", "none").WriteKubeconfigAsync(Cluster.ControlPlane);

        var result = await CliProgram.RunAsync($"{users}:{clusters}", "intents", "list", "--context", "by-exec");
        Directory.Delete(folder, recursive: true);
        result.EnsureSuccess().Output.ShouldContain("checkout");
    }

    [Fact]
    public async Task A_support_bundle_has_the_objects_and_no_name()
    {
        var shop = await GivenAsync();
        var path = Path.Combine(Cluster.ControlPlane.Directory, $"{shop}.tar.gz");

        var result = await RunAsync("support", "bundle", "--output-file", path);
        result.EnsureSuccess().Error.ShouldBeEmpty();
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var archive = new TarReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (await archive.GetNextEntryAsync() is { } entry)
        {
            texts.Add(Path.GetFileName(entry.Name), await new StreamReader(entry.DataStream!).ReadToEndAsync());
        }

        texts["clientintents.json"].ShouldContain("\"reason\": \"Enforced\"");
        texts["networkpolicies.json"].ShouldContain("\"policyTypes\"");
        texts["events.json"].ShouldContain("\"kind\": \"EventList\"");
        string.Concat(texts.Values).ShouldNotContain(shop);
    }

    [Fact]
    public async Task Kubectl_finds_and_completes_the_plugin()
    {
        var shop = await GivenAsync();
        var folder = await CliProgram.CreatePluginFolderAsync();
        var script = Path.Combine(folder, "script");
        await File.WriteAllTextAsync(
            script,
            """
            PATH=$1:$PATH
            kubectl wayleave intents list -n "$2" -o name
            kubectl __complete wayleave intents list -o ""
            kubectl wayleave completion bash >"$1/completion"
            bash -c '. "$1/completion"; COMP_WORDS=(kubectl-wayleave intents ex); COMP_CWORD=2; __wayleave_complete; echo "${COMPREPLY[@]}"' bash "$1"
            """);
        var result = await Cluster.ControlPlane.ScriptAsync(script, [folder, shop]);
        Directory.Delete(folder, recursive: true);

        result.EnsureSuccess().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
            ["clientintents.wayleave.dev/checkout", "table", "wide", "json", "yaml", "name", ":4", "explain"]);
    }

    [Fact]
    public async Task Zsh_completes_commands_and_values()
    {
        var folder = await CliProgram.CreatePluginFolderAsync();
        File.CreateSymbolicLink(Path.Combine(folder, "wayleave"), CliProgram.Path);
        var script = Path.Combine(folder, "script");

        // A shell in a terminal of its own. Each read waits until the terminal shows what Tab has added.
        await File.WriteAllTextAsync(
            script,
            """
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell "PS1= RPS1= PROMPT_EOL_MARK=; PATH=$1:\$PATH; autoload -U compinit; compinit -u -D; source <(wayleave completion zsh); echo re''ady"
            zpty -r -m shell text '*ready*'
            zpty -n -w shell $'wayleave intents ex\t'
            zpty -r -m shell text '*wayleave intents explain*' && print command
            zpty -n -w shell $'\C-u''wayleave intents list -o n'$'\t'
            zpty -r -m shell text '*wayleave intents list -o name*' && print value
            zpty -d shell
            """);
        var result = await ChildProcess.RunAsync(
            "timeout", ["60", "zsh", "-f", script, folder],
            environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["TERM"] = "xterm" });
        Directory.Delete(folder, recursive: true);

        result.EnsureSuccess().Output.ShouldBe("command\nvalue\n");
    }

    private Task<ProcessResult> RunAsync(params IReadOnlyList<string> arguments) => CliProgram.RunAsync(Cluster.ControlPlane.KubeconfigPath, arguments);

    private async Task<string> GivenAsync()
    {
        var shop = await NewNamespaceWithAsync("cart", "orders", "admin", "checkout");
        await ApplyAsync(Yaml.Intents(shop, "checkout", "[{kubernetes: {name: cart, ports: [8080]}}, {kubernetes: {name: orders}}]"));
        await Cluster.UntilEnforcedAsync(shop, "checkout");
        return shop;
    }
}
