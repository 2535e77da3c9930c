using Wayleave.Api;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Targets;

/// <summary>Parses and validates one target. A new type of target is one row in <c>_types</c> and its parser.</summary>
internal static class TargetParser
{
    private static readonly (string Key, Func<IntentTarget, string, int, DeclaredTarget?> ParseIfSet)[] _types =
    [
        (TargetTypes.Kubernetes, static (target, at, index) => target.Kubernetes is { } workload ? Workload(workload, at, index) : null),
        (TargetTypes.Service, static (target, at, index) => target.Service is { } service ? Service(service, at, index) : null),
        (TargetTypes.Internet,
            static (target, _, index) => target.Internet is { } internet ? InternetTargetParser.Parse(internet, index) : null),
        (TargetTypes.Kafka, static (target, at, index) => target.Kafka is { } kafka ? Kafka(kafka, at, index) : null),
        (TargetTypes.Sql, static (target, _, index) => target.Sql is { } sql ? Sql(sql, index) : null),
    ];

    private static readonly string _oneOf =
        $"not exactly one kind of target; set one of {string.Join(", ", _types.SkipLast(1).Select(type => type.Key))} and {_types[^1].Key}";

    /// <summary>
    /// Parses and validates a target. The result names a server in the cluster or addresses outside, which the rest of the operator
    /// indexes, watches and decides on; or it says what is wrong.
    /// </summary>
    public static DeclaredTarget Parse(IntentTarget? target, string @namespace, int index)
    {
        DeclaredTarget[] parsed = target is null
            ? []
            : [.. _types.Select(type => type.ParseIfSet(target, @namespace, index)).OfType<DeclaredTarget>()];
        return parsed is [var only]
            ? only
            : new DeclaredTarget(index, "", TargetTypes.Unknown) { Result = TargetResult.Invalid($"spec.targets[{index}]", _oneOf) };
    }

    /// <summary>
    /// The error of a server's name. Null for a valid one: <c>name</c>, or <c>name.namespace</c>. The last dot divides, since a namespace's
    /// name has none.
    /// </summary>
    public static TargetResult? ValidateServer(string field, string? text)
    {
        var dot = text?.LastIndexOf('.') ?? -1;
        var valid = dot < 0
            ? DnsNameValidator.IsSubdomain(text)
            : DnsNameValidator.IsSubdomain(text.AsSpan(0, dot)) && DnsNameValidator.IsLabel(text.AsSpan(dot + 1));
        return valid
            ? null
            : TargetResult.Invalid(
                $"{field}.name", $"{TextSanitizer.Quote(text)} is not a server name; use name or name.namespace, in lower case");
    }

    /// <summary>The key of a server whose name is valid.</summary>
    public static PolicyKey ParseServer(SubjectType type, string text, string ownNamespace)
    {
        var dot = text.LastIndexOf('.');
        return dot < 0 ? new PolicyKey(type, ownNamespace, text) : new PolicyKey(type, text[(dot + 1)..], text[..dot]);
    }

    private static DeclaredTarget Workload(KubernetesTarget target, string @namespace, int index)
    {
        var declared = new DeclaredTarget(index, SanitizeName(target.Name), TargetTypes.Kubernetes);
        var field = declared.Field;
        IReadOnlyList<DeclaredPort> ports = [];
        var refusal = ValidateServer(field, target.Name)
            ?? WorkloadValidator.ValidateKind(field, target.Kind)
            ?? WorkloadValidator.ValidateSelector(field, target.Selector)
            ?? DeclaredPort.Validate($"{field}.ports", target.Ports, allowsNames: true, out ports);
        if (refusal is not null)
        {
            return declared with { Result = refusal };
        }

        var server = ParseServer(SubjectType.Workload, target.Name, @namespace);
        var kind = target.Selector is null ? WorkloadValidator.ParseKindOrNull(target.Kind) : null;
        var workload = new ParsedWorkloadRef(server.Namespace, server.Name, kind, target.Selector);
        var reference = new TargetReference(server, workload, ports, target.Http is { Count: > 0 });
        return declared with { Name = NameOf(server), Reference = reference };
    }

    private static DeclaredTarget Service(ServiceTarget target, string @namespace, int index)
    {
        var declared = new DeclaredTarget(index, SanitizeName(target.Name), TargetTypes.Service);
        IReadOnlyList<DeclaredPort> ports = [];
        var refusal = ValidateServer(declared.Field, target.Name)
            ?? DeclaredPort.Validate($"{declared.Field}.ports", target.Ports, allowsNames: true, out ports);
        if (refusal is not null)
        {
            return declared with { Result = refusal };
        }

        var server = ParseServer(SubjectType.Service, target.Name, @namespace);
        return declared with { Name = NameOf(server), Reference = new TargetReference(server, null, ports) };
    }

    private static DeclaredTarget Kafka(KafkaTarget target, string @namespace, int index)
    {
        var declared = new DeclaredTarget(index, SanitizeName(target.Name), TargetTypes.Kafka);
        return ValidateServer(declared.Field, target.Name) is { } refusal
            ? declared with { Result = refusal }
            : declared with
            {
                Name = NameOf(ParseServer(SubjectType.Workload, target.Name, @namespace)),
                Result = NotYet(declared.Field, "Kafka servers and topics are not enforced yet"),
            };
    }

    private static DeclaredTarget Sql(SqlTarget target, int index)
    {
        var declared = new DeclaredTarget(index, SanitizeName(target.Name), TargetTypes.Sql);
        var result = string.IsNullOrEmpty(target.Name)
            ? TargetResult.Invalid($"{declared.Field}.name", "empty; name the server")
            : NotYet(declared.Field, "SQL servers and privileges are not enforced yet");
        return declared with { Result = result };
    }

    private static string NameOf(PolicyKey server) => $"{server.Name}.{server.Namespace}";

    private static TargetResult NotYet(string field, string what) => TargetResult.NotSupported(Reasons.NotSupported, $"{field}: {what}");

    internal static string SanitizeName(string? name) => TextSanitizer.Truncate(TextSanitizer.Sanitize(name ?? ""), 120);
}
