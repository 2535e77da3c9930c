using Wayleave.Api;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Targets;

/// <summary>Parses and validates one target. A new type of target is one row in <c>_types</c> and its parser.</summary>
internal static class TargetParser
{
    private static readonly TargetType[] _types =
    [
        new(
            TargetTypes.Kubernetes,
            static target => target.Kubernetes is not null,
            static at => Workload(at.Target.Kubernetes!, at.Namespace, at.Index, at.Field)),
        new(
            TargetTypes.Service,
            static target => target.Service is not null,
            static at => Service(at.Target.Service!, at.Namespace, at.Index, at.Field)),
        new(
            TargetTypes.Internet,
            static target => target.Internet is not null,
            static at => InternetTargetParser.Parse(at.Target.Internet!, at.Index, at.Field)),
        new(
            TargetTypes.Kafka,
            static target => target.Kafka is not null,
            static at => Kafka(at.Target.Kafka!, at.Namespace, at.Index, at.Field)),
        new(TargetTypes.Sql, static target => target.Sql is not null, static at => Sql(at.Target.Sql!, at.Index, at.Field)),
    ];

    private static readonly string _oneOf =
        $"not exactly one kind of target; set one of {string.Join(", ", _types.SkipLast(1).Select(type => type.Key))} and {_types[^1].Key}";

    public static DeclaredTarget Parse(IntentTarget? target, string @namespace, int index)
    {
        var field = $"spec.targets[{index}]";
        return target is not null && OnlyType(target) is { } type
            ? type.Parse(new TargetEntry(target, @namespace, index, field))
            : new DeclaredTarget(index, "", TargetTypes.Unknown) { Result = Invalid(field, _oneOf) };
    }

    // Null if none is set, or several.
    private static TargetType? OnlyType(IntentTarget target)
    {
        TargetType? only = null;
        foreach (var type in _types)
        {
            if (type.IsSet(target))
            {
                if (only is not null)
                {
                    return null;
                }

                only = type;
            }
        }

        return only;
    }

    private static DeclaredTarget Workload(KubernetesTarget target, string @namespace, int index, string field)
    {
        field += ".kubernetes";
        IReadOnlyList<DeclaredPort> ports = [];
        var refusal = ServerName.Validate(field, target.Name)
            ?? WorkloadValidator.ValidateKind(field, target.Kind)
            ?? WorkloadValidator.ValidateSelector(field, target.Selector)
            ?? Ports(field, target.Ports, allowsNames: true, out ports);
        if (refusal is not null)
        {
            return new DeclaredTarget(index, SanitizeName(target.Name), TargetTypes.Kubernetes) { Result = refusal };
        }

        var server = ServerName.Parse(target.Name, @namespace);
        var key = new PolicyKey(SubjectType.Workload, server.Namespace, server.Name);
        var kind = target.Selector is null ? WorkloadValidator.ParseKindOrNull(target.Kind) : null;
        var workload = new ParsedWorkloadRef(server.Namespace, server.Name, kind, target.Selector);
        var reference = new TargetReference(key, workload, ports, target.Http is { Count: > 0 });
        return new DeclaredTarget(index, server.ToString(), TargetTypes.Kubernetes) { Reference = reference };
    }

    private static DeclaredTarget Service(ServiceTarget target, string @namespace, int index, string field)
    {
        field += ".service";
        IReadOnlyList<DeclaredPort> ports = [];
        if ((ServerName.Validate(field, target.Name) ?? Ports(field, target.Ports, allowsNames: true, out ports)) is { } refusal)
        {
            return new DeclaredTarget(index, SanitizeName(target.Name), TargetTypes.Service) { Result = refusal };
        }

        var server = ServerName.Parse(target.Name, @namespace);
        var reference = new TargetReference(new PolicyKey(SubjectType.Service, server.Namespace, server.Name), null, ports);
        return new DeclaredTarget(index, server.ToString(), TargetTypes.Service) { Reference = reference };
    }

    private static DeclaredTarget Kafka(KafkaTarget target, string @namespace, int index, string field)
    {
        field += ".kafka";
        var refusal = ServerName.Validate(field, target.Name);
        var name = refusal is null ? ServerName.Parse(target.Name, @namespace).ToString() : SanitizeName(target.Name);
        var result = refusal ?? NotYet(field, "Kafka servers and topics are not enforced yet");
        return new DeclaredTarget(index, name, TargetTypes.Kafka) { Result = result };
    }

    private static DeclaredTarget Sql(SqlTarget target, int index, string field)
    {
        var result = string.IsNullOrEmpty(target.Name)
            ? Invalid($"{field}.sql.name", "empty; name the server")
            : NotYet($"{field}.sql", "SQL servers and privileges are not enforced yet");
        return new DeclaredTarget(index, SanitizeName(target.Name), TargetTypes.Sql) { Result = result };
    }

    internal static TargetResult? Ports(
        string field, List<PortNumberOrName>? ports, bool allowsNames, out IReadOnlyList<DeclaredPort> parsed) =>
        DeclaredPort.ParseOrGetError(ports, allowsNames, out parsed) is { } bad
            ? Invalid(
                $"{field}.ports[{bad.Index}]", $"{TextSanitizer.Quote(ports![bad.Index].ToString())}: {bad.Problem}")
            : null;

    internal static TargetResult Invalid(string field, string what) => TargetResult.Failed(Reasons.InvalidSpec, $"{field}: {what}");

    private static TargetResult NotYet(string field, string what) => TargetResult.NotSupported(Reasons.NotSupported, $"{field}: {what}");

    internal static string SanitizeName(string? name) => TextSanitizer.Truncate(TextSanitizer.Sanitize(name ?? ""), 120);

    /// <summary>A type of target.</summary>
    /// <param name="Key">Its key in the spec.</param>
    /// <param name="IsSet">Whether a target has the key.</param>
    /// <param name="Parse">
    /// Parses and validates it. The result names a server in the cluster or addresses outside, which the rest of the operator indexes,
    /// watches and decides on; or it says what is wrong.
    /// </param>
    private sealed record TargetType(string Key, Func<IntentTarget, bool> IsSet, Func<TargetEntry, DeclaredTarget> Parse);

    /// <summary>An entry of <c>spec.targets</c>.</summary>
    private readonly record struct TargetEntry(IntentTarget Target, string Namespace, int Index, string Field);
}
