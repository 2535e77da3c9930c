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

    public string? Image => OperatorFinder.ContainerOf(Deployment)?.Image;

    private static string? TagOf(string? image)
    {
        var digest = image?.IndexOf('@', StringComparison.Ordinal) ?? -1;
        var name = digest < 0 ? image : image![..digest];
        var colon = name?.LastIndexOf(':') ?? -1;
        return colon > (name?.LastIndexOf('/') ?? -1) ? name![(colon + 1)..] : null;
    }
}

/// <summary>Finds the operator's Deployment and reads its options with the operator's own parsers.</summary>
internal sealed class OperatorFinder(IClusterConnection connection, TextWriter notes)
{
    /// <summary>Selects the Deployment and its Pods.</summary>
    public const string ChartLabels = "app.kubernetes.io/name=wayleave,app.kubernetes.io/component=operator";

    private const string NamespaceFlag = "namespace";

    /// <summary>The operator in a namespace, or in any.</summary>
    /// <exception cref="CliException">There are several, or its options cannot be read.</exception>
    public async Task<InstalledOperator> FindAsync(string? @namespace, CancellationToken cancellationToken)
    {
        var options = new ListOptions { Namespace = @namespace, LabelSelector = ChartLabels };
        var found = (await connection.CliClient.ListAsync<InstalledDeployment>(options, cancellationToken)).Items;
        switch (found.Count)
        {
            case 0:
                return new InstalledOperator(Read([], @namespace), Deployment: null);
            case 1:
                var container = ContainerOf(found[0]);
                var operatorOptions = Read(container?.Args ?? [], found[0].Metadata.NamespaceProperty, Variables(container));
                return new InstalledOperator(operatorOptions, found[0]);
            default:
                var names = found.Select(deployment => deployment.Metadata.NamespaceProperty).Order(StringComparer.Ordinal);
                throw new CliException(
                    $"there is more than one operator, in the namespaces {string.Join(", ", names)}; give one with --operator-namespace");
        }
    }

    /// <summary>The same. Prints a note if there is none.</summary>
    public async Task<InstalledOperator> FindOrAssumeAsync(string? @namespace, CancellationToken cancellationToken)
    {
        var found = await FindAsync(@namespace, cancellationToken);
        if (found.Deployment is null)
        {
            await notes.WriteLineAsync(
                $"Note: no Deployment of the operator was found; its defaults and namespace {found.Options.Namespace} are assumed"
                    + " (--operator-namespace).");
        }

        return found;
    }

    internal static OperatorContainer? ContainerOf(InstalledDeployment? deployment)
    {
        var containers = deployment?.Spec?.Template?.Spec?.Containers ?? [];
        return containers.Find(container => container.Name == "operator") ?? containers.FirstOrDefault();
    }

    private static Dictionary<string, string> Variables(OperatorContainer? container)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in (container?.Env ?? []).Where(variable => variable is { Name: not null, Value: not null }))
        {
            variables[variable.Name!] = variable.Value!;
        }

        return variables;
    }

    private static OperatorOptions Read(
        IReadOnlyList<string> arguments, string? @namespace, IReadOnlyDictionary<string, string>? variables = null)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        var command = OperatorCommand.Create((flags, _) =>
        {
            given = flags.ToDictionary(StringComparer.Ordinal);
            return Task.FromResult(0);
        });
        var parsed = command.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            throw new CliException(
                $"the flags of the operator's Deployment cannot be read: {parsed.Errors[0].Message} (is this program older than the operator?)");
        }

        parsed.Invoke();
        if (@namespace is not null)
        {
            given.TryAdd(NamespaceFlag, @namespace);
        }

        try
        {
            return OperatorOptions.Read(given, variables ?? new Dictionary<string, string>(StringComparer.Ordinal));
        }
        catch (OptionsException error)
        {
            throw new CliException($"the options of the operator's Deployment cannot be used: {error.Message}");
        }
    }
}
