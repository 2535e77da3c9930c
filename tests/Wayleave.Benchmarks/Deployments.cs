using System.Globalization;
using System.Text.Json;

namespace Wayleave.Benchmarks;

/// <summary>Deployments of a usual size: two containers with probes, resources, volumes and 24 environment variables each.</summary>
internal static class Deployments
{
    private static readonly string[] Names = ["main", "proxy"];

    /// <summary>The manifest that a user applies. With defaults, status and field managers, the API server stores about 8 kB.</summary>
    public static string Json(string @namespace, string name) => JsonSerializer.Serialize(new
    {
        apiVersion = "apps/v1",
        kind = "Deployment",
        metadata = new { name, @namespace, labels = Labels(name), annotations = Annotations(name) },
        spec = new
        {
            replicas = 0,
            selector = new { matchLabels = new { app = name } },
            template = new
            {
                metadata = new { labels = Labels(name), annotations = Annotations(name) },
                spec = new
                {
                    serviceAccountName = name,
                    containers = Names.Select(container => Container(name, container)),
                    volumes = Names.Select(volume => new { name = volume, configMap = new { name = $"{name}-{volume}" } }),
                },
            },
        },
    });

    private static Dictionary<string, string> Labels(string name) => new(StringComparer.Ordinal)
    {
        ["app"] = name,
        ["app.kubernetes.io/name"] = name,
        ["app.kubernetes.io/instance"] = $"{name}-production",
        ["app.kubernetes.io/version"] = "1.24.3",
        ["app.kubernetes.io/managed-by"] = "Helm",
        ["team"] = "payments",
    };

    private static Dictionary<string, string> Annotations(string name) => new(StringComparer.Ordinal)
    {
        ["prometheus.io/scrape"] = "true",
        ["prometheus.io/port"] = "9090",
        ["checksum/config"] = string.Concat(Enumerable.Repeat("0123456789abcdef", 4)),
        ["example.com/description"] = $"The deployment of {name}, which serves what its name says to those who are allowed to ask.",
    };

    private static object Container(string name, string container) => new
    {
        name = container,
        image = $"registry.example.com/payments/{name}-{container}:1.24.3",
        ports = new[] { new { name = container, containerPort = 8080, protocol = "TCP" } },
        env = Enumerable.Range(0, 24).Select(i => new
        {
            name = string.Create(CultureInfo.InvariantCulture, $"SETTING_NUMBER_{i}"),
            value = $"a value of some length for {name}",
        }),
        resources = new { requests = new { cpu = "100m", memory = "128Mi" }, limits = new { cpu = "1", memory = "256Mi" } },
        readinessProbe = new { httpGet = new { path = "/ready", port = 8080 }, periodSeconds = 5 },
        livenessProbe = new { httpGet = new { path = "/live", port = 8080 }, periodSeconds = 20 },
        volumeMounts = new[] { new { name = container, mountPath = $"/etc/{container}" } },
    };
}
