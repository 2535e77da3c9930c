using System.Text;

namespace Wayleave.Benchmarks.Clusters;

/// <summary>A Deployment of about 8 kB, as real ones are once annotations, environment and probes are in.</summary>
internal static class LargeDeployment
{
    public static string Yaml(string @namespace, string name)
    {
        var environment = new StringBuilder();
        for (var i = 0; i < 60; i++)
        {
            environment.Append($"        - {{name: SETTING_{i}, value: \"a value of the usual length for setting number {i} of {name}, with a tail\"}}\n");
        }

        return $$$"""
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: {{{name}}}
              namespace: {{{@namespace}}}
            spec:
              replicas: 0
              selector: {matchLabels: {app: {{{name}}}}}
              template:
                metadata: {labels: {app: {{{name}}}}}
                spec:
                  containers:
                  - name: main
                    image: registry.example.com/team/{{{name}}}:1.0.0
                    env:
            {{{environment}}}
            """;
    }
}
