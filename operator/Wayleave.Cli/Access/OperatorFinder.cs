using k8s;
using Wayleave.Cli.Output;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Operator.Configuration;

namespace Wayleave.Cli.Access;

/// <summary>The operator of a cluster, as its Deployment describes it.</summary>
/// <param name="Options">Its options. The defaults if it was not found.</param>
/// <param name="Deployment">Null if it was not found.</param>
internal sealed record InstalledOperator(OperatorOptions Options, InstalledDeployment? Deployment)
{
    private const string VersionLabel = "app.kubernetes.io/version";

    /// <summary>The version label that the chart sets, or the tag of the image. Null if there is neither.</summary>
    public string? Version => Deployment?.Metadata.Labels.Find(VersionLabel) ?? TagOf(Image);

    public string? Image => DeploymentOptions.GetContainer(Deployment)?.Image;

    private static string? TagOf(string? image)
    {
        var digest = image?.IndexOf('@', StringComparison.Ordinal) ?? -1;
        var name = digest < 0 ? image : image![..digest];
        var colon = name?.LastIndexOf(':') ?? -1;
        return colon > (name?.LastIndexOf('/') ?? -1) ? name![(colon + 1)..] : null;
    }
}

/// <summary>Finds the operator's Deployment and reads its options with the operator's own parsers.</summary>
/// <param name="notes">For what the result does not take into account.</param>
internal sealed class OperatorFinder(IClusterConnection connection, TextWriter notes)
{
    /// <summary>Selects the Deployment and its Pods.</summary>
    public const string ChartLabels = "app.kubernetes.io/name=wayleave,app.kubernetes.io/component=operator";

    /// <summary>The operator in a namespace, or in any.</summary>
    /// <exception cref="CliException">There are several, or its options cannot be read.</exception>
    public async Task<InstalledOperator> FindAsync(string? @namespace, CancellationToken cancellationToken)
    {
        if (await FindDeploymentAsync(@namespace, cancellationToken) is not { } deployment)
        {
            return new InstalledOperator(DeploymentOptions.Assume(@namespace), Deployment: null);
        }

        var read = DeploymentOptions.Read(deployment);
        foreach (var note in read.Notes)
        {
            await notes.WriteLineAsync($"Note: {TerminalText.Clean(note)}.");
        }

        return new InstalledOperator(read.Options, deployment);
    }

    /// <summary>
    /// Finds the operator. If there is none, or if Deployments may not be listed, prints a note and assumes the default options.
    /// </summary>
    public async Task<InstalledOperator> FindOrAssumeAsync(string? @namespace, CancellationToken cancellationToken)
    {
        var reason = "no Deployment of the operator was found";
        try
        {
            var found = await FindAsync(@namespace, cancellationToken);
            if (found.Deployment is not null)
            {
                return found;
            }
        }
        catch (KubernetesException error) when (error.IsForbidden)
        {
            reason = "you may not list Deployments, so the options of the operator are not known";
        }

        var assumed = DeploymentOptions.Assume(@namespace);
        await notes.WriteLineAsync(
            $"Note: {reason}; assuming its default options and namespace {TerminalText.Clean(assumed.Namespace)};"
                + " use --operator-namespace if it runs elsewhere.");
        return new InstalledOperator(assumed, Deployment: null);
    }

    private async Task<InstalledDeployment?> FindDeploymentAsync(string? @namespace, CancellationToken cancellationToken)
    {
        var options = new ListOptions { Namespace = @namespace, LabelSelector = ChartLabels };
        var found = (await connection.CliClient.ListAsync<InstalledDeployment>(options, cancellationToken)).Items;
        if (found.Count <= 1)
        {
            return found.FirstOrDefault();
        }

        var names = found.Select(deployment => deployment.Metadata.NamespaceProperty).Order(StringComparer.Ordinal);
        throw new CliException($"found several operators, in namespaces {string.Join(" and ", names)}; choose one with --operator-namespace");
    }
}
