using System.Text.RegularExpressions;
using Wayleave.Hosting;
using Wayleave.Operator.Configuration;
using Wayleave.Settings;

namespace Wayleave.Cli.Access;

/// <summary>
/// Reads the options of the operator from its Deployment: the flags of <c>command</c> and <c>args</c>, and the variables. The Deployment
/// may be anyone's, so nothing of it is executed.
/// </summary>
internal sealed partial class DeploymentOptions
{
    private const string NamespaceFlag = "namespace";
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unknown = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];

    private DeploymentOptions(InstalledDeployment deployment)
    {
        var container = GetContainer(deployment);
        foreach (var variable in container?.Env ?? [])
        {
            AddVariable(variable, deployment.Metadata.NamespaceProperty);
        }

        if (container?.EnvFrom is { Count: > 0 })
        {
            _notes.Add("the operator's Deployment has variables from a ConfigMap or a Secret (envFrom), which are not read;"
                + " options among them are ignored");
        }

        List<string> arguments = [.. (container?.Command ?? []).Skip(1), .. container?.Args ?? []];
        Options = Read([.. arguments.Select(Expand)], deployment.Metadata.NamespaceProperty, _variables);
    }

    public OperatorOptions Options { get; }

    /// <summary>The options that cannot be read.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <exception cref="CliException">The options cannot be read.</exception>
    public static DeploymentOptions Read(InstalledDeployment deployment) => new(deployment);

    /// <summary>The default options of an operator in a namespace, or in its default namespace.</summary>
    public static OperatorOptions Assume(string? @namespace) =>
        Read([], @namespace, new Dictionary<string, string>(StringComparer.Ordinal));

    public static OperatorContainer? GetContainer(InstalledDeployment? deployment)
    {
        var containers = deployment?.Spec?.Template?.Spec?.Containers ?? [];
        return containers.Find(container => container.Name == "operator") ?? containers.FirstOrDefault();
    }

    private static OperatorOptions Read(
        IReadOnlyList<string> arguments, string? @namespace, IReadOnlyDictionary<string, string> variables)
    {
        try
        {
            var given = FlagCommand.ReadFlags(arguments, Flags.All).ToDictionary(StringComparer.Ordinal);
            if (@namespace is not null)
            {
                given.TryAdd(NamespaceFlag, @namespace);
            }

            return OperatorOptions.Read(given, variables);
        }
        catch (OptionsException error)
        {
            throw new CliException(
                $"the options of the operator's Deployment cannot be read: {error.Message} (is this program older than the operator?)");
        }
    }

    private void AddVariable(OperatorVariable variable, string? @namespace)
    {
        if (variable.Name is not { } name)
        {
            return;
        }

        _variables.Remove(name);
        _unknown.Remove(name);
        switch (variable)
        {
            case { ValueFrom: null }:
                _variables[name] = Expand(variable.Value ?? "");
                break;
            case { ValueFrom.FieldRef.FieldPath: "metadata.namespace" } when @namespace is not null:
                _variables[name] = @namespace;
                break;
            default:
                _unknown.Add(name);
                if (name.StartsWith("WAYLEAVE_", StringComparison.Ordinal))
                {
                    _notes.Add($"{name} of the operator's Deployment has a value that is not in the Deployment (valueFrom); it is ignored");
                }

                break;
        }
    }

    // $(NAME) is the value of a variable, and $$ is $, as in the Kubernetes API. A name that does not exist stays as it is.
    private string Expand(string text) => Reference().Replace(text, match =>
    {
        var name = match.Groups["name"].Value;
        if (match.Value == "$$")
        {
            return "$";
        }

        if (_unknown.Contains(name))
        {
            _notes.Add($"\"{text}\" of the operator's Deployment refers to a value that is not in the Deployment; it is used as it is");
        }

        return _variables.GetValueOrDefault(name, match.Value);
    });

    [GeneratedRegex(@"\$\$|\$\((?<name>[^()]*)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reference();
}
