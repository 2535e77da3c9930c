using Wayleave.Api;
using Wayleave.Enforcement.Observed;
using Wayleave.Enforcement.Ports;
using Wayleave.Kubernetes.Models;
using Wayleave.Observation.Maps;

namespace Wayleave.Observation.Proposals;

/// <summary>A target that a workload was seen calling.</summary>
internal sealed record SeenCall(WorkloadId Client, ObservedCall Call)
{
    /// <summary>The workload that is called. Null if the target is no workload.</summary>
    public WorkloadId? Server { get; } =
        Call.Target.Kubernetes is { Name: { } name } target ? ReadName(name, Client.Namespace, target.Kind) : null;

    /// <summary>As the operator compares it with declarations. Null if its target is invalid or of a type that is not supported.</summary>
    public ParsedCall? Parsed => ParsedCall.ParseAny(Call, Client.Namespace);

    /// <summary>One of <see cref="TargetTypes"/>.</summary>
    public string TargetType => Call.Target switch
    {
        { Kubernetes.Name: not null } => TargetTypes.Kubernetes,
        { Service.Name: not null } => TargetTypes.Service,
        { Internet: not null } => TargetTypes.Internet,
        { Kafka.Name: not null } => TargetTypes.Kafka,
        { Sql.Name: not null } => TargetTypes.Sql,
        _ => TargetTypes.Unknown,
    };

    /// <summary><c>deployment/cart.shop</c>, a domain or an address.</summary>
    public string TargetName => Server?.ToString() ?? Call.Target switch
    {
        { Service.Name: { } name } => $"service/{ReadName(name, Client.Namespace, null).Name}.{ReadName(name, Client.Namespace, null).Namespace}",
        { Internet: { } internet } => string.Join(",", [.. internet.Domains ?? [], .. internet.Ips ?? []]),
        { Kafka.Name: { } name } => $"kafka/{name}",
        { Sql.Name: { } name } => $"sql/{name}",
        _ => "",
    };

    /// <summary>As a ClientIntents has them. None if the mapper does not know them.</summary>
    public IReadOnlyList<PortNumberOrName> Ports =>
        Call.Target.Kubernetes?.Ports ?? Call.Target.Service?.Ports ?? Call.Target.Internet?.Ports ?? [];

    public string PortText => string.Join(",", Ports);

    /// <summary>The ports. Those that cannot be read are left out.</summary>
    public IReadOnlyList<DeclaredPort> ParsedPorts =>
    [
        .. Ports
            .Select(port => DeclaredPort.ParseOrGetError(port, allowsNames: true, out var parsed) is null ? parsed : (DeclaredPort?)null)
            .OfType<DeclaredPort>(),
    ];

    public bool IsInfrastructure => Call.Class == ObservedClasses.Infrastructure;

    /// <summary>Whether the target never answered.</summary>
    public bool IsAttempt => Call.Outcome != ObservedOutcomes.Connected;

    /// <summary>Workloads of the same namespace come first, then those of others, then what is outside.</summary>
    internal int Order => Server is not { } server ? 2 : server.Namespace == Client.Namespace ? 0 : 1;

    /// <summary>The name of a target as a ClientIntents has it.</summary>
    public static WorkloadId ReadName(string text, string ownNamespace, string? kind)
    {
        var (@namespace, name) = ObjectNames.ParseReference(text, ownNamespace);
        return new WorkloadId(@namespace, kind ?? "", name);
    }
}
