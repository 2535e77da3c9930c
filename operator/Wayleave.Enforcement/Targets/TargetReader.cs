using System.Globalization;
using Wayleave.Api;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Targets;

/// <summary>Reads one target.</summary>
internal static class TargetReader
{
    public static DeclaredTarget Read(IntentTarget? target, string @namespace, int index)
    {
        var field = string.Create(CultureInfo.InvariantCulture, $"spec.targets[{index}]");
        return target switch
        {
            { Kubernetes: { } workload, Service: null, Internet: null, Kafka: null, Sql: null } =>
                Workload(workload, @namespace, index, field),
            { Kubernetes: null, Service: { } service, Internet: null, Kafka: null, Sql: null } =>
                Service(service, @namespace, index, field),
            { Kubernetes: null, Service: null, Internet: { } internet, Kafka: null, Sql: null } => InternetReader.Read(internet, index, field),
            { Kubernetes: null, Service: null, Internet: null, Kafka: { } kafka, Sql: null } => Kafka(kafka, @namespace, index, field),
            { Kubernetes: null, Service: null, Internet: null, Kafka: null, Sql: { } sql } => Sql(sql, index, field),
            _ => new DeclaredTarget(index, "", TargetTypes.Unknown) { Result = Invalid(field, "not exactly one kind of target; set one of kubernetes, service, internet, kafka and sql") },
        };
    }

    private static DeclaredTarget Workload(KubernetesTarget target, string @namespace, int index, string field)
    {
        field += ".kubernetes";
        IReadOnlyList<DeclaredPort> ports = [];
        var refusal = ServerName.Refusal(field, target.Name)
            ?? WorkloadValidator.KindRefusal(field, target.Kind)
            ?? WorkloadValidator.SelectorRefusal(field, target.Selector)
            ?? Ports(field, target.Ports, allowsNames: true, out ports);
        if (refusal is not null)
        {
            return new DeclaredTarget(index, Shown(target.Name), TargetTypes.Kubernetes) { Result = refusal };
        }

        var server = ServerName.Parse(target.Name, @namespace);
        var key = new PolicyKey(SubjectType.Workload, server.Namespace, server.Name);
        var kind = target.Selector is null ? WorkloadValidator.Kind(target.Kind) : null;
        var workload = new WorkloadReference(server.Namespace, server.Name, kind, target.Selector);
        var reference = new TargetReference(key, workload, ports, target.Http is { Count: > 0 });
        return new DeclaredTarget(index, server.ToString(), TargetTypes.Kubernetes) { Reference = reference };
    }

    private static DeclaredTarget Service(ServiceTarget target, string @namespace, int index, string field)
    {
        field += ".service";
        IReadOnlyList<DeclaredPort> ports = [];
        if ((ServerName.Refusal(field, target.Name) ?? Ports(field, target.Ports, allowsNames: true, out ports)) is { } refusal)
        {
            return new DeclaredTarget(index, Shown(target.Name), TargetTypes.Service) { Result = refusal };
        }

        var server = ServerName.Parse(target.Name, @namespace);
        var reference = new TargetReference(new PolicyKey(SubjectType.Service, server.Namespace, server.Name), null, ports);
        return new DeclaredTarget(index, server.ToString(), TargetTypes.Service) { Reference = reference };
    }

    private static DeclaredTarget Kafka(KafkaTarget target, string @namespace, int index, string field)
    {
        field += ".kafka";
        var refusal = ServerName.Refusal(field, target.Name);
        var name = refusal is null ? ServerName.Parse(target.Name, @namespace).ToString() : Shown(target.Name);
        var result = refusal ?? NotYet(field, "Kafka servers and topics are not enforced yet");
        return new DeclaredTarget(index, name, TargetTypes.Kafka) { Result = result };
    }

    private static DeclaredTarget Sql(SqlTarget target, int index, string field)
    {
        var result = string.IsNullOrEmpty(target.Name)
            ? Invalid($"{field}.sql.name", "empty; name the server")
            : NotYet($"{field}.sql", "SQL servers and privileges are not enforced yet");
        return new DeclaredTarget(index, Shown(target.Name), TargetTypes.Sql) { Result = result };
    }

    internal static TargetResult? Ports(string field, List<PortNumberOrName>? ports, bool allowsNames, out IReadOnlyList<DeclaredPort> parsed) =>
        DeclaredPort.TryParse(ports, allowsNames, out parsed) is { } bad
            ? Invalid(
                string.Create(CultureInfo.InvariantCulture, $"{field}.ports[{bad.Index}]"), $"{SanitizedText.Quote(ports![bad.Index].ToString())}: {bad.Problem}")
            : null;

    internal static TargetResult Invalid(string field, string what) => TargetResult.Failed(Reasons.InvalidSpec, $"{field}: {what}");

    private static TargetResult NotYet(string field, string what) => TargetResult.NotSupported(Reasons.NotSupportedYet, $"{field}: {what}");

    internal static string Shown(string? name) => SanitizedText.Bound(SanitizedText.Plain(name ?? ""), 120);
}
