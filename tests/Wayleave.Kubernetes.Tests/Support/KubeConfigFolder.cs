using System.Text;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>A folder with a kubeconfig and the files that it names. Deleted when disposed.</summary>
internal sealed class KubeConfigFolder : IDisposable
{
    public const string Token = "s3cr3t-t0ken";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wayleave-kubeconfig-");

    public KubeConfigFolder(TestCertificates certificates)
    {
        Authority = certificates.Authority.ExportCertificatePem();
        Certificate = certificates.Client.ExportCertificatePem();
        Key = TestCertificates.KeyOf(certificates.Client);
        Write("ca.crt", Authority);
        Write("tls/client.crt", Certificate);
        Write("tls/client.key", Key);
        Write("token", Token + "\n");
    }

    public string Authority { get; }

    public string Certificate { get; }

    public string Key { get; }

    public ManualTimeProvider Time { get; } = new();

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public string Write(string name, string text)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Writes an executable shell script.</summary>
    public string WriteProgram(string name, string script)
    {
        var path = Write(name, "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>Reads a kubeconfig with one context, made of these mappings in YAML flow style.</summary>
    public ConnectionSource Read(string cluster = "server: https://api.test:6443", string user = "", string context = "") => ReadText(
        $$"""
        apiVersion: v1
        kind: Config
        preferences: {}
        current-context: here
        contexts:
        - {name: here, context: {cluster: east, user: me{{Then(context)}} } }
        clusters:
        - name: east
          cluster: { {{cluster}} }
        users:
        - name: me
          user: { {{user}} }
        """);

    public ConnectionSource ReadText(string text, string? context = null) =>
        KubeConfigFile.Read(Write("config", text), context);

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Then(string text) => text.Length == 0 ? "" : ", " + text;
}
