using Wayleave.Kubernetes.Models;

namespace Wayleave.Kubernetes.Protobuf;

/// <summary>
/// Workloads and their Pods (generated.proto of k8s.io/api/apps/v1, batch/v1 and core/v1), without annotations and field managers, which
/// no cache keeps.
/// </summary>
public static class WorkloadMessages
{
    private static readonly MessageParser<PartialContainerPort> _containerPort = new(static () => new())
    {
        [1] = static (port, in field) => port.Name = field.GetString(),
        [3] = static (port, in field) => port.ContainerPort = field.GetInt32(),
        [4] = static (port, in field) => port.Protocol = field.GetString(),
    };

    private static readonly MessageParser<PartialContainer> _container = new(static () => new())
    {
        [6] = static (container, in field) => (container.Ports ??= []).Add(field.GetMessage(_containerPort)),
    };

    private static readonly MessageParser<PartialPodSpec> _podSpec = new(static () => new())
    {
        [2] = static (spec, in field) => (spec.Containers ??= []).Add(field.GetMessage(_container)),
        [11] = static (spec, in field) => spec.HostNetwork = field.GetBoolean() ? true : null,
        [20] = static (spec, in field) => (spec.InitContainers ??= []).Add(field.GetMessage(_container)),
    };

    private static readonly MessageParser<PartialPodTemplateSpec> _template = new(static () => new())
    {
        [1] = static (template, in field) => template.Metadata = field.GetMessage(MetadataMessages.LabelsOnly),
        [2] = static (template, in field) => template.Spec = field.GetMessage(_podSpec),
    };

    private static readonly MessageParser<PartialWorkloadSpec> _jobSpec = ForWorkloadSpec(selector: 4, template: 6);

    private static readonly MessageParser<PartialJobTemplateSpec> _jobTemplate = new(static () => new())
    {
        [2] = static (template, in field) => template.Spec = field.GetMessage(_jobSpec),
    };

    private static readonly MessageParser<PartialCronJobSpec> _cronJobSpec = new(static () => new())
    {
        [5] = static (spec, in field) => spec.JobTemplate = field.GetMessage(_jobTemplate),
    };

    public static MessageParser<PartialDeployment> Deployment { get; } = ForWorkload<PartialDeployment>(selector: 2, template: 3);

    public static MessageParser<PartialStatefulSet> StatefulSet { get; } = ForWorkload<PartialStatefulSet>(selector: 2, template: 3);

    public static MessageParser<PartialReplicaSet> ReplicaSet { get; } = ForWorkload<PartialReplicaSet>(selector: 2, template: 3);

    public static MessageParser<PartialDaemonSet> DaemonSet { get; } = ForWorkload<PartialDaemonSet>(selector: 1, template: 2);

    public static MessageParser<PartialJob> Job { get; } = ForObject<PartialJob, PartialWorkloadSpec>(_jobSpec);

    public static MessageParser<PartialCronJob> CronJob { get; } = ForObject<PartialCronJob, PartialCronJobSpec>(_cronJobSpec);

    public static MessageParser<PartialPod> Pod { get; } = ForObject<PartialPod, PartialPodSpec>(_podSpec);

    private static MessageParser<TEntity> ForWorkload<TEntity>(int selector, int template)
        where TEntity : PartialObject<PartialWorkloadSpec>, new() =>
        ForObject<TEntity, PartialWorkloadSpec>(ForWorkloadSpec(selector, template));

    private static MessageParser<TEntity> ForObject<TEntity, TSpec>(MessageParser<TSpec> spec)
        where TEntity : PartialObject<TSpec>, new()
        where TSpec : class => MetadataMessages.ForObject<TEntity, TSpec>(spec, MetadataMessages.MetadataWithoutAnnotations);

    private static MessageParser<PartialWorkloadSpec> ForWorkloadSpec(int selector, int template) => new(static () => new())
    {
        [selector] = static (spec, in field) => spec.Selector = field.GetMessage(MetadataMessages.Selector),
        [template] = static (spec, in field) => spec.Template = field.GetMessage(_template),
    };
}
