using System.Net;
using k8s.Models;
using Wayleave.Kubernetes.Models;
using Wayleave.Mapper.Caching;
using Wayleave.Observation.Resolution;

namespace Wayleave.Mapper.Tests.Caching;

public sealed class FactsReaderTests
{
    private static readonly DateTime _start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Reads_the_addresses_of_a_Pod_and_when_its_first_container_started()
    {
        var uid = Guid.NewGuid();
        var pod = FactsReader.ReadPod(new AddressedPod
        {
            Metadata = new V1ObjectMeta
            {
                Name = "cart-1",
                NamespaceProperty = "shop",
                Uid = uid.ToString(),
                OwnerReferences =
                [
                    new V1OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = "not-a-controller", Uid = "a" },
                    new V1OwnerReference { ApiVersion = "apps/v1", Kind = "StatefulSet", Name = "cart", Uid = "b", Controller = true },
                ],
            },
            Spec = new AddressedPodSpec { NodeName = "node-1" },
            Status = new AddressedPodStatus
            {
                Phase = "Running",
                PodIPs = [new AddressedIP { Ip = "10.1.0.2" }, new AddressedIP { Ip = "fd00::2" }],
                InitContainerStatuses = [Container(terminated: _start.AddSeconds(1))],
                ContainerStatuses = [Container(running: _start.AddSeconds(5)), new AddressedContainerStatus()],
            },
        }).ShouldNotBeNull();

        (pod.Uid, pod.Namespace, pod.Name, pod.Node, pod.IsFinished).ShouldBe((uid, "shop", "cart-1", "node-1", false));
        pod.Addresses.ShouldBe([IPAddress.Parse("10.1.0.2"), IPAddress.Parse("fd00::2")]);
        pod.StartedAt.ShouldBe(new DateTimeOffset(_start.AddSeconds(1)));
        pod.Controller.ShouldBe(new ControllerReference("apps/v1", "StatefulSet", "cart", "b"));
    }

    [Fact]
    public void Reads_the_UID_that_the_kubelet_gave_a_static_Pod()
    {
        var pod = FactsReader.ReadPod(new AddressedPod
        {
            Metadata = new V1ObjectMeta
            {
                Uid = Guid.NewGuid().ToString(),
                Annotations = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["kubernetes.io/config.mirror"] = "0123456789abcdef0123456789abcdef",
                },
            },
        });

        pod.ShouldNotBeNull().StaticUid.ShouldBe(Guid.Parse("01234567-89ab-cdef-0123-456789abcdef"));
    }

    [Fact]
    public void Reads_only_addresses_and_TCP_ports_of_a_Service()
    {
        var service = FactsReader.ReadService(new AddressedService
        {
            Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = "shop" },
            Spec = new AddressedServiceSpec
            {
                ClusterIP = "10.96.0.1",
                ClusterIPs = ["10.96.0.1", "fd00::10"],
                ExternalIPs = ["192.0.2.7"],
                Ports =
                [
                    new AddressedServicePort { Name = "http", Port = 80, TargetPort = "web", NodePort = 30080 },
                    new AddressedServicePort { Name = "admin", Port = 90, TargetPort = 9090 },
                    new AddressedServicePort { Name = "plain", Port = 100 },
                    new AddressedServicePort { Name = "dns", Port = 53, Protocol = "UDP" },
                ],
            },
            Status = new AddressedServiceStatus
            {
                LoadBalancer = new AddressedLoadBalancer { Ingress = [new AddressedIP { Ip = "198.51.100.1" }, new AddressedIP()] },
            },
        });

        service.ClusterAddresses.ShouldBe([IPAddress.Parse("10.96.0.1"), IPAddress.Parse("fd00::10")]);
        service.ExternalAddresses.ShouldBe([IPAddress.Parse("192.0.2.7"), IPAddress.Parse("198.51.100.1")]);
        service.Ports.ShouldBe(
            [new ServicePortFacts("http", 80, 30080, null), new ServicePortFacts("admin", 90, 0, 9090), new ServicePortFacts("plain", 100, 0, 100)]);
    }

    [Fact]
    public void A_headless_Service_has_no_address() =>
        FactsReader.ReadService(new AddressedService { Spec = new AddressedServiceSpec { ClusterIP = "None", ClusterIPs = ["None"] } })
            .ClusterAddresses.ShouldBeEmpty();

    [Fact]
    public void Reads_the_same_of_slices_and_of_endpoints()
    {
        var slice = FactsReader.ReadSlice(new PartialEndpointSlice
        {
            Metadata = new V1ObjectMeta
            {
                Name = "cart-x",
                NamespaceProperty = "shop",
                Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["kubernetes.io/service-name"] = "cart" },
            },
            Endpoints = [new PartialEndpointSliceEndpoint { Addresses = ["10.1.0.2"] }],
            Ports = [new PartialEndpointSlicePort { Name = "http", Port = 8080 }, new PartialEndpointSlicePort { Name = "dns", Port = 53, Protocol = "UDP" }],
        });
        var endpoints = FactsReader.ReadEndpoints(new PartialEndpoints
        {
            Metadata = new V1ObjectMeta { Name = "cart", NamespaceProperty = "shop" },
            Subsets =
            [
                new PartialEndpointSubset
                {
                    Addresses = [new PartialEndpointAddress { Ip = "10.1.0.2" }],
                    Ports = [new PartialEndpointSubsetPort { Name = "http", Port = 8080 }],
                },
            ],
        });

        foreach (var found in new[] { slice, endpoints })
        {
            found.Service.ShouldBe(new ObjectKey("shop", "cart"));
            found.Addresses.ShouldBe([IPAddress.Parse("10.1.0.2")]);
            found.Ports.ShouldBe([new EndpointPortFacts("http", 8080)]);
        }
    }

    private static AddressedContainerStatus Container(DateTime? running = null, DateTime? terminated = null) => new()
    {
        State = new AddressedContainerState
        {
            Running = running is null ? null : new AddressedContainerTimes { StartedAt = running },
            Terminated = terminated is null ? null : new AddressedContainerTimes { StartedAt = terminated },
        },
    };
}
