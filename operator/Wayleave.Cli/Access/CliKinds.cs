using System.Text.Json.Serialization;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Cli.Access;

/// <summary>What this program reads of kinds of which the operator reads less.</summary>
internal static class CliKinds
{
    public static EntityRegistry Registry { get; } = EntityRegistry.Create(CliKindsJson.Default, ApiJson.Default)
        .Add<InstalledDeployment>()
        .Add<LivePod>()
        .Add<ObservedIntents>();
}

/// <summary>The operator's Deployment: its image and its options.</summary>
[KubernetesEntity(Group = "apps", ApiVersion = "v1", Kind = "Deployment", PluralName = "deployments")]
internal sealed class InstalledDeployment : PartialObject<InstalledDeploymentSpec>;

internal sealed class InstalledDeploymentSpec
{
    public OperatorTemplate? Template { get; set; }
}

internal sealed class OperatorTemplate
{
    public OperatorPodSpec? Spec { get; set; }
}

internal sealed class OperatorPodSpec
{
    public List<OperatorContainer>? Containers { get; set; }
}

internal sealed class OperatorContainer
{
    public string? Name { get; set; }

    public string? Image { get; set; }

    public List<string>? Command { get; set; }

    public List<string>? Args { get; set; }

    public List<OperatorVariable>? Env { get; set; }

    public List<OperatorVariableSource>? EnvFrom { get; set; }
}

internal sealed class OperatorVariable
{
    public string? Name { get; set; }

    public string? Value { get; set; }

    public OperatorVariableSource? ValueFrom { get; set; }
}

/// <summary>A source of variables, of which only the namespace of the Pod is known.</summary>
internal sealed class OperatorVariableSource
{
    public OperatorFieldSource? FieldRef { get; set; }
}

internal sealed class OperatorFieldSource
{
    public string? FieldPath { get; set; }
}

/// <summary>A Pod with its addresses.</summary>
[KubernetesEntity(Group = "", ApiVersion = "v1", Kind = "Pod", PluralName = "pods")]
internal sealed class LivePod : PartialObject<PartialPodSpec>
{
    public AddressedPodStatus? Status { get; set; }
}

[JsonSerializable(typeof(InstalledDeployment))]
[JsonSerializable(typeof(LivePod))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class CliKindsJson : JsonSerializerContext;
