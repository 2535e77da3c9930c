using System.Globalization;
using Wayleave.Api;
using Wayleave.Enforcement.Text;

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
            _ => new DeclaredTarget(index, "", TargetTypes.Unknown) { Verdict = Invalid(field, "exactly one key is needed (give one)") },
        };
    }

    private static DeclaredTarget Workload(KubernetesTarget target, string @namespace, int index, string field)
    {
        field += ".kubernetes";
        var refusal = ServerName.Refusal(field, target.Name) ?? WorkloadRules.KindRefusal(field, target.Kind) ?? Ports(field, target.Ports);
        if (refusal is not null)
        {
            return new DeclaredTarget(index, Shown(target.Name), TargetTypes.Kubernetes) { Verdict = refusal };
        }

        var server = ServerName.Parse(target.Name, @namespace);
        var key = new SubjectKey(SubjectType.Workload, server.Namespace, server.Name);
        var reference = new TargetReference(key, WorkloadRules.Kind(target.Kind), target.Ports ?? [], target.Http is { Count: > 0 });
        return new DeclaredTarget(index, server.ToString(), TargetTypes.Kubernetes) { Reference = reference };
    }

    private static DeclaredTarget Service(ServiceTarget target, string @namespace, int index, string field)
    {
        field += ".service";
        if ((ServerName.Refusal(field, target.Name) ?? Ports(field, target.Ports)) is { } refusal)
        {
            return new DeclaredTarget(index, Shown(target.Name), TargetTypes.Service) { Verdict = refusal };
        }

        var server = ServerName.Parse(target.Name, @namespace);
        var reference = new TargetReference(new SubjectKey(SubjectType.Service, server.Namespace, server.Name), null, target.Ports ?? []);
        return new DeclaredTarget(index, server.ToString(), TargetTypes.Service) { Reference = reference };
    }

    private static DeclaredTarget Kafka(KafkaTarget target, string @namespace, int index, string field)
    {
        field += ".kafka";
        var refusal = ServerName.Refusal(field, target.Name);
        var name = refusal is null ? ServerName.Parse(target.Name, @namespace).ToString() : Shown(target.Name);
        var verdict = refusal ?? NotYet(field, "Kafka servers and topics are not enforced yet");
        return new DeclaredTarget(index, name, TargetTypes.Kafka) { Verdict = verdict };
    }

    private static DeclaredTarget Sql(SqlTarget target, int index, string field)
    {
        var verdict = string.IsNullOrEmpty(target.Name)
            ? Invalid($"{field}.sql.name", "nothing is named (give a name)")
            : NotYet($"{field}.sql", "SQL servers and privileges are not enforced yet");
        return new DeclaredTarget(index, Shown(target.Name), TargetTypes.Sql) { Verdict = verdict };
    }

    internal static Verdict? Ports(string field, List<int>? ports)
    {
        var bad = ports?.FindIndex(port => port is < 1 or > 65535) ?? -1;
        return bad < 0
            ? null
            : Invalid(string.Create(CultureInfo.InvariantCulture, $"{field}.ports[{bad}]"), "a port is from 1 to 65535 (correct it)");
    }

    internal static Verdict Invalid(string field, string what) => Verdict.Failed(Reasons.InvalidSpec, $"{field}: {what}");

    private static Verdict NotYet(string field, string what) => Verdict.NotSupported(Reasons.NotSupportedYet, $"{field}: {what}");

    internal static string Shown(string? name) => QuotedText.Bound(QuotedText.Plain(name ?? ""), 120);
}
