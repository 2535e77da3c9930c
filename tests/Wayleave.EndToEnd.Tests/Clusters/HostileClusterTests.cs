using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Wayleave.Api;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Clusters;

/// <summary>
/// Clusters and kubeconfigs that are invalid, by mistake or on purpose. Each is reported in its own status, none affects a valid Cluster, and
/// no status, Event, log message, or telemetry contains a credential.
/// </summary>
[Collection(ClustersCollection.Name)]
public sealed class HostileClusterTests
{
    private const string Canary = "c4n4ryc4n4ryc4n4ry";

    [Fact]
    public async Task Reports_every_invalid_Cluster_without_affecting_the_valid_one_or_leaking_credentials()
    {
        await using var fleet = await Fleet.StartAsync();
        var east = await fleet.StartMemberAsync();
        var good = await MemberClusters.KubeconfigAsync(east);
        await fleet.Hub.RegisterMemberAsync("good", east);
        await fleet.DeclareAsync("{names: [good]}");
        await east.WaitForPoliciesAsync(Fleet.Shop, "cart");

        await ShouldBeAsync(fleet, "local", good, Reasons.InvalidSpec, "use another name");
        await ShouldBeAsync(fleet, "twin", good, Reasons.SameCluster, "the same cluster as good");
        await ShouldBeAsync(fleet, "mirror", await HubKubeconfigAsync(fleet), Reasons.SameCluster, "the same cluster as local");
        await ShouldBeAsync(fleet, "absent", kubeconfig: null, Reasons.SecretNotFound, "there is no Secret \"absent\"");
        await ShouldBeAsync(fleet, "no-key", good, Reasons.SecretNotFound, "has no \"kubeconfig\"", key: "config");
        await ShouldBeAsync(fleet, "elsewhere", good, Reasons.SecretNotFound, "Secrets are read in wayleave-system only", @namespace: Fleet.Shop);
        await ShouldBeAsync(fleet, "stranger", With(good, "token: ", $"token: {Canary}"), Reasons.Unauthorized, "renew them");
        await ShouldBeAsync(fleet, "runs-a-program", Config($"exec: {{command: {Canary}}}"), Reasons.InvalidKubeconfig, "exec is not supported");
        await ShouldBeAsync(fleet, "reads-a-file", Config("tokenFile: /etc/hostname"), Reasons.InvalidKubeconfig, "names a file, but files are not read here");
        await ShouldBeAsync(fleet, "verifies-nothing", good.Replace("certificate-authority-data", "insecure-skip-tls-verify: true, x", StringComparison.Ordinal), Reasons.InvalidKubeconfig, "insecure-skip-tls-verify is not supported");
        await ShouldBeAsync(fleet, "aliases", $"a: &a [{Canary}]\nb: [*a, *a]", Reasons.InvalidKubeconfig, "anchor or an alias");
        await ShouldBeAsync(fleet, "not-yaml", $"{{{Canary}: [", Reasons.InvalidKubeconfig, "is not YAML");
        await ShouldBeAsync(fleet, "large", new string('a', 600_000), Reasons.InvalidKubeconfig, "larger than");
        await ShouldBeAsync(fleet, "wrong-name", With(good, "cluster: {server: ", $"cluster: {{tls-server-name: other.example.com, server: {Quoted(east)}"), Reasons.Unreachable, "certificate");
        await ShouldBeAsync(fleet, "nobody-there", With(good, "cluster: {server: ", "cluster: {server: \"https://127.0.0.1:1\""), Reasons.Unreachable, "cannot be reached");
        await WithoutPermissionAsync(fleet, "may-not", east);
        await ShouldBeAsync(fleet, "expired", ExpiredConfig(east), Reasons.Unauthorized, "renew them");
        await using (var hole = BlackHole.Start())
        {
            await ShouldBeAsync(fleet, "black-hole", With(good, "cluster: {server: ", $"cluster: {{server: \"https://127.0.0.1:{hole.Port}\""), Reasons.Unreachable, "");
        }

        // A namespace that the member does not have.
        await fleet.Hub.CreateNamespaceAsync("elsewhere");
        await fleet.Hub.ApplyAsync(Yaml.In("{names: [good]}", Yaml.Intents("elsewhere", "checkout", "[{kubernetes: {name: cart}}]")));
        var lost = await fleet.Hub.WaitForAsync<ClientIntents>(
            "intents of a namespace that the member lacks", "elsewhere", "checkout", intents => intents.Status?.Targets is [{ Reason: Reasons.NamespaceNotFound }]);
        lost.Status!.Targets![0].Message.ShouldStartWith("cluster good: ");

        // Deleting the Secret of a connected Cluster is reported, and its policies stay.
        await fleet.Hub.DeleteAsync(Yaml.Secret(MemberClusters.Home, "good", "kubeconfig", ""));
        await fleet.Hub.UntilClusterAsync("good", Reasons.SecretNotFound);
        (await east.PolicyNamesAsync(Fleet.Shop)).ShouldBe(["wayleave-deployment-cart-ingress"]);
        await ShouldNotLeakAsync(fleet, good);
    }

    private static async Task ShouldBeAsync(
        Fleet fleet, string name, string? kubeconfig, string reason, string message, string key = "kubeconfig", string @namespace = MemberClusters.Home)
    {
        if (kubeconfig is not null)
        {
            await fleet.Hub.ApplyAsync(Yaml.Secret(@namespace, name, key, kubeconfig));
        }

        await fleet.Hub.ApplyAsync(Yaml.MemberCluster(@namespace, name));
        // With the message: a Cluster can be seen before its Secret is, and has the same reason then.
        (await fleet.Hub.UntilClusterAsync(name, reason, message)).Ready()!.Status.ShouldBe("False");

        // Nothing was ever changed in the member, so no clean-up delays the deletion.
        await fleet.Hub.DeleteAsync(Yaml.MemberCluster(@namespace, name));
        await Poll.UntilAsync($"the Cluster {name} to go", async token => await fleet.Hub.Client.GetAsync<Cluster>(name, null, token) is null, Poll.Patience, default);
    }

    private static async Task WithoutPermissionAsync(Fleet fleet, string name, TestCluster east)
    {
        string[] make = ["create", "serviceaccount", "powerless", "--namespace=wayleave-member"];
        (await east.ControlPlane.KubectlAsync(make)).EnsureSuccess();
        var token = (await east.ControlPlane.KubectlAsync(["create", "token", "powerless", "--namespace=wayleave-member"])).EnsureSuccess().Output.Trim();
        var config = await File.ReadAllTextAsync(await new ServiceAccount("", token).WriteKubeconfigAsync(east.ControlPlane));
        await ShouldBeAsync(fleet, name, config, Reasons.Forbidden, "lack the permission to list networkpolicies.networking.k8s.io");
    }

    // A client certificate for an admin, from the authority that the API server trusts, that expired yesterday.
    private static string ExpiredConfig(TestCluster east)
    {
        string Pki(string file) => Path.Combine(east.ControlPlane.Directory, "pki", file);
        using var authority = X509Certificate2.CreateFromPemFile(Pki("ca.crt"), Pki("ca.key"));
        using var authorityKey = authority.GetECDsaPrivateKey()!;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("O=system:masters, CN=admin", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        using var signed = request.Create(
            authority.SubjectName, X509SignatureGenerator.CreateForECDsa(authorityKey), DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(-1), [1, 2, 3]);
        var (certificate, privateKey) = (Base64(signed.ExportCertificatePem()), Base64(key.ExportPkcs8PrivateKeyPem()));
        return $"contexts: [{{name: a, context: {{cluster: a, user: a}}}}]\n"
            + $"clusters: [{{name: a, cluster: {{server: {Quoted(east)}, certificate-authority-data: {Base64(authority.ExportCertificatePem())}}}}}]\n"
            + $"users: [{{name: a, user: {{client-certificate-data: {certificate}, client-key-data: {privateKey}}}}}]\n";
    }

    private static string Base64(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));

    private static async Task<string> HubKubeconfigAsync(Fleet fleet)
    {
        var admin = await ServiceAccount.CreateAsync(fleet.Hub.ControlPlane, MemberClusters.Home, "mirror");
        return await File.ReadAllTextAsync(await admin.WriteKubeconfigAsync(fleet.Hub.ControlPlane));
    }

    private static async Task ShouldNotLeakAsync(Fleet fleet, string kubeconfig)
    {
        var token = kubeconfig.Split("token: ")[1].Split('}')[0].Trim();
        string[] all = ["get", "events,clusters.wayleave.dev,clientintents", "--all-namespaces", "--output=json"];
        var visible = (await fleet.Hub.ControlPlane.KubectlAsync(all)).EnsureSuccess().Output + string.Join('\n', fleet.Operator!.Log);
        visible.ShouldNotContain(Canary);
        visible.ShouldNotContain(token);
        foreach (var request in fleet.Collector.Requests)
        {
            Encoding.Latin1.GetString(request.Body).ShouldNotContain(Canary);
        }
    }

    private static string Config(string user) =>
        $"contexts: [{{name: a, context: {{cluster: a, user: a}}}}]\nclusters: [{{name: a, cluster: {{server: \"https://127.0.0.1:1\"}}}}]\nusers: [{{name: a, user: {{{user}}}}}]\n";

    // Inserts another value where a value begins; the original one becomes part of a field that is ignored.
    private static string With(string config, string before, string instead) => config.Replace(before, $"{instead}, x: ", StringComparison.Ordinal);

    private static string Quoted(TestCluster cluster) => $"\"{cluster.ControlPlane.Server.GetLeftPart(UriPartial.Authority)}\"";

    /// <summary>Accepts connections and never answers.</summary>
    private sealed class BlackHole : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public static BlackHole Start()
        {
            var hole = new BlackHole();
            hole._listener.Start();
            return hole;
        }

        public ValueTask DisposeAsync()
        {
            _listener.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
