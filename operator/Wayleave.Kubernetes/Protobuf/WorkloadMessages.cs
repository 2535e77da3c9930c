using Wayleave.Kubernetes.Models;

namespace Wayleave.Kubernetes.Protobuf;

/// <summary>Workloads and their Pods (generated.proto of k8s.io/api/apps/v1, batch/v1 and core/v1).</summary>
public static class WorkloadMessages
{
    public static PartialDeployment Deployment(ProtobufReader reader) =>
        MetadataMessages.Object<PartialDeployment, PartialWorkloadSpec>(reader, static spec => Spec(spec, selector: 2, template: 3));

    public static PartialStatefulSet StatefulSet(ProtobufReader reader) =>
        MetadataMessages.Object<PartialStatefulSet, PartialWorkloadSpec>(reader, static spec => Spec(spec, selector: 2, template: 3));

    public static PartialReplicaSet ReplicaSet(ProtobufReader reader) =>
        MetadataMessages.Object<PartialReplicaSet, PartialWorkloadSpec>(reader, static spec => Spec(spec, selector: 2, template: 3));

    public static PartialDaemonSet DaemonSet(ProtobufReader reader) =>
        MetadataMessages.Object<PartialDaemonSet, PartialWorkloadSpec>(reader, static spec => Spec(spec, selector: 1, template: 2));

    public static PartialJob Job(ProtobufReader reader) => MetadataMessages.Object<PartialJob, PartialWorkloadSpec>(reader, JobSpec);

    public static PartialCronJob CronJob(ProtobufReader reader) =>
        MetadataMessages.Object<PartialCronJob, PartialCronJobSpec>(reader, CronJobSpec);

    public static PartialPod Pod(ProtobufReader reader) => MetadataMessages.Object<PartialPod, PartialPodSpec>(reader, PodSpec);

    private static PartialWorkloadSpec JobSpec(ProtobufReader reader) => Spec(reader, selector: 4, template: 6);

    private static PartialWorkloadSpec Spec(ProtobufReader reader, int selector, int template)
    {
        var spec = new PartialWorkloadSpec();
        while (reader.Read(out var field))
        {
            if (field == selector)
            {
                spec.Selector = MetadataMessages.Selector(reader.GetMessage());
            }
            else if (field == template)
            {
                spec.Template = Template(reader.GetMessage());
            }
        }

        return spec;
    }

    private static PartialCronJobSpec CronJobSpec(ProtobufReader reader)
    {
        var spec = new PartialCronJobSpec();
        while (reader.Read(out var field))
        {
            if (field == 5)
            {
                spec.JobTemplate = JobTemplate(reader.GetMessage());
            }
        }

        return spec;
    }

    private static PartialJobTemplateSpec JobTemplate(ProtobufReader reader)
    {
        var template = new PartialJobTemplateSpec();
        while (reader.Read(out var field))
        {
            if (field == 2)
            {
                template.Spec = JobSpec(reader.GetMessage());
            }
        }

        return template;
    }

    private static PartialPodTemplateSpec Template(ProtobufReader reader)
    {
        var template = new PartialPodTemplateSpec();
        while (reader.Read(out var field))
        {
            if (field == 1)
            {
                template.Metadata = MetadataMessages.Metadata(reader.GetMessage());
            }
            else if (field == 2)
            {
                template.Spec = PodSpec(reader.GetMessage());
            }
        }

        return template;
    }

    private static PartialPodSpec PodSpec(ProtobufReader reader)
    {
        var spec = new PartialPodSpec();
        while (reader.Read(out var field))
        {
            switch (field)
            {
                case 2:
                    (spec.Containers ??= []).Add(Container(reader.GetMessage()));
                    break;
                case 11:
                    spec.HostNetwork = reader.GetBoolean() ? true : null;
                    break;
                case 20:
                    (spec.InitContainers ??= []).Add(Container(reader.GetMessage()));
                    break;
                default:
                    break;
            }
        }

        return spec;
    }

    private static PartialContainer Container(ProtobufReader reader)
    {
        var container = new PartialContainer();
        while (reader.Read(out var field))
        {
            if (field == 6)
            {
                (container.Ports ??= []).Add(ContainerPort(reader.GetMessage()));
            }
        }

        return container;
    }

    private static PartialContainerPort ContainerPort(ProtobufReader reader)
    {
        var port = new PartialContainerPort();
        while (reader.Read(out var field))
        {
            switch (field)
            {
                case 1:
                    port.Name = reader.GetString();
                    break;
                case 3:
                    port.ContainerPort = reader.GetInt32();
                    break;
                case 4:
                    port.Protocol = reader.GetString();
                    break;
                default:
                    break;
            }
        }

        return port;
    }
}
