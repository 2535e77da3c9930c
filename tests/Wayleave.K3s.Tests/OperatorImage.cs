using Testcontainers.K3s;
using Wayleave.Testing;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.K3s.Tests;

/// <summary>Loads the operator's image into K3s: the archive that <c>WAYLEAVE_IMAGE</c> names, or one that <c>make image</c> builds.</summary>
internal static class OperatorImage
{
    public const string Repository = "localhost/wayleave-operator";

    private const string Name = $"{Repository}:0.1.0";

    public static async Task LoadAsync(K3sContainer k3s, string folder)
    {
        var archive = Environment.GetEnvironmentVariable("WAYLEAVE_IMAGE") ?? await BuildAsync(folder);
        await k3s.CopyAsync(new FileInfo(archive), "/tmp/");
        var imported = await k3s.ExecAsync(["ctr", "--namespace", "k8s.io", "images", "import", $"/tmp/{Path.GetFileName(archive)}"]);
        imported.ExitCode.ShouldBe(0, imported.Stderr);
        (await k3s.ExecAsync(["ctr", "--namespace", "k8s.io", "images", "list", "--quiet"])).Stdout.ShouldContain(Name);
    }

    private static async Task<string> BuildAsync(string folder)
    {
        var archive = Path.Combine(folder, "operator.tar");
        (await ChildProcess.RunAsync("make", ["--directory", Checkout.PathOf(), "image", $"IMAGE={Name}"])).EnsureSuccess();
        (await ChildProcess.RunAsync("docker", ["save", "--output", archive, Name])).EnsureSuccess();
        return archive;
    }
}
