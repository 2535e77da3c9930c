using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Tests.Meaning.Steps;

namespace Wayleave.Operator.Tests.Meaning.Generating;

/// <summary>Makes objects that expose Services outside the cluster, and the workloads that forward the requests.</summary>
internal sealed class ExposureMaker(Dice dice)
{
    private const string GatewayGroup = "gateway.networking.k8s.io";

    private static readonly Dictionary<string, string> _nginx = Labels(("app.kubernetes.io/name", "ingress-nginx"), ("app.kubernetes.io/component", "controller"));

    private static readonly Dictionary<string, string> _envoy = Labels(
        ("app.kubernetes.io/name", "envoy"), ("app.kubernetes.io/component", "proxy"), ("app.kubernetes.io/managed-by", "envoy-gateway"));

    private readonly bool _hasGateways = dice.Chance(35);
    private readonly bool _hasDns = dice.Chance(15);

    /// <summary>The nodes of a cluster, which never change. Sometimes there are none.</summary>
    public IEnumerable<Edit> Nodes() => (dice.Chance(85) ? new[] { 0, 1 } : []).Select(node => new PutEdit<V1Node>(new V1Node
    {
        Metadata = new V1ObjectMeta { Name = $"node-{node}" },
        Spec = new V1NodeSpec { PodCIDRs = [$"10.0.{node}.0/24", $"fd00:10:{node}::/64"] },
    }));

    /// <summary>The objects that exist at the start.</summary>
    public IEnumerable<(Edit Put, Edit Delete)> Beginning() => [.. dice.Many(0, 3, Make), .. _hasGateways ? Gateways() : [], .. _hasDns ? Dns() : []];

    public (Edit Put, Edit Delete) Make() => dice.Number(1, 20) switch
    {
        <= 3 => Controller(_nginx, "nginx"),
        <= 6 => Class(),
        <= 11 => Ingress(),
        <= 13 => Webhook(),
        14 => Api(),
        15 => Controller(Labels(("k8s-app", "konnectivity-agent")), "konnectivity"),
        _ when !_hasGateways => Ingress(),
        16 => Controller(_envoy, "envoy"),
        17 => Grant(),
        18 => Both(new V1GRPCRoute { Metadata = Meta("r", 2), Spec = Route() }),
        _ => Both(new V1HTTPRoute { Metadata = Meta("r", 2), Spec = Route() }),
    };

    private IEnumerable<(Edit Put, Edit Delete)> Gateways()
    {
        foreach (var (resource, version) in new[] { ("gatewayclasses", "v1"), ("gateways", "v1"), ("httproutes", "v1"), ("grpcroutes", "v1"), ("referencegrants", "v1beta1") })
        {
            yield return Both(new PartialCustomResourceDefinition
            {
                Metadata = new V1ObjectMeta { Name = $"{resource}.{GatewayGroup}" },
                Spec = new PartialCustomResourceDefinitionSpec { Versions = [new PartialCustomResourceDefinitionVersion { Name = version, Served = true }] },
            });
        }

        yield return Both(new V1GatewayClass { Metadata = new V1ObjectMeta { Name = "envoy" }, Spec = new V1GatewayClassSpec { ControllerName = "gateway.envoyproxy.io/gatewayclass-controller" } });
        yield return Both(new V1Gateway { Metadata = new V1ObjectMeta { Name = "gateway", NamespaceProperty = "edge" }, Spec = new V1GatewaySpec { GatewayClassName = "envoy" } });
        yield return Controller(_envoy, "envoy");
        yield return Both(new V1HTTPRoute { Metadata = Meta("r", 2), Spec = Route() });
    }

    // CoreDNS as it is usually installed, but listening on other ports.
    private IEnumerable<(Edit Put, Edit Delete)> Dns()
    {
        var labels = Labels(("k8s-app", "kube-dns"));
        var meta = new V1ObjectMeta { Name = dice.Chance(50) ? "cart" : "coredns", NamespaceProperty = "kube-system" };
        var containers = new List<PartialContainer> { new() { Ports = [new PartialContainerPort { Name = "dns", ContainerPort = 5353, Protocol = "UDP" }] } };
        var template = new PartialPodTemplateSpec { Metadata = new V1ObjectMeta { Labels = labels }, Spec = new PartialPodSpec { Containers = containers } };
        yield return Both(new PartialDeployment { Metadata = meta, Spec = new PartialWorkloadSpec { Selector = new V1LabelSelector { MatchLabels = labels }, Template = template } });
        yield return Both(new PartialService
        {
            Metadata = new V1ObjectMeta { Name = "kube-dns", NamespaceProperty = "kube-system" },
            Spec = new PartialServiceSpec
            {
                Selector = labels,
                Ports = [new PartialServicePort { Port = 53, TargetPort = "dns", Protocol = "UDP" }, new PartialServicePort { Port = 53, TargetPort = 5353 }],
            },
        });
    }

    private (Edit Put, Edit Delete) Controller(Dictionary<string, string> labels, string name)
    {
        var meta = new V1ObjectMeta { Name = name, NamespaceProperty = dice.Pick(["edge", "edge", "kube-system", "shop"]) };
        var template = new PartialPodTemplateSpec { Metadata = new V1ObjectMeta { Labels = labels }, Spec = new PartialPodSpec { HostNetwork = dice.Chance(30) ? true : null } };
        var selector = new V1LabelSelector { MatchLabels = labels };
        return dice.Chance(50)
            ? Both(new PartialDaemonSet { Metadata = meta, Spec = new PartialWorkloadSpec { Selector = selector, Template = template } })
            : Both(new PartialDeployment { Metadata = meta, Spec = new PartialWorkloadSpec { Selector = selector, Template = template } });
    }

    private (Edit Put, Edit Delete) Class()
    {
        var name = dice.Pick(["nginx", "nginx", "alb"]);
        var meta = new V1ObjectMeta
        {
            Name = name,
            Annotations = name == "nginx" && dice.Chance(50) ? Labels(("ingressclass.kubernetes.io/is-default-class", "true")) : null,
        };
        return Both(new V1IngressClass { Metadata = meta, Spec = new V1IngressClassSpec { Controller = name == "nginx" ? "k8s.io/ingress-nginx" : "ingress.k8s.aws/alb" } });
    }

    private (Edit Put, Edit Delete) Ingress()
    {
        var meta = Meta("in", 2);
        meta.Annotations = dice.Chance(15) ? Labels(("kubernetes.io/ingress.class", "nginx")) : null;
        var port = dice.Chance(30) ? new V1ServiceBackendPort { Name = dice.Pick(["web", "metrics", "dns-tcp"]) } : new V1ServiceBackendPort { Number = ServicePort() };
        var backend = new V1IngressBackend { Service = new V1IngressServiceBackend { Name = dice.Name(Names.Services), Port = port } };
        var spec = new V1IngressSpec { IngressClassName = meta.Annotations is null ? dice.Pick<string?>(["nginx", "nginx", "nginx", "alb", "other", null]) : null };
        if (dice.Chance(50))
        {
            spec.DefaultBackend = backend;
        }
        else
        {
            spec.Rules = [new V1IngressRule { Http = new V1HTTPIngressRuleValue { Paths = [new V1HTTPIngressPath { Backend = backend }] } }];
        }

        return Both(new V1Ingress { Metadata = meta, Spec = spec });
    }

    private GatewayRouteSpec Route() => new()
    {
        ParentRefs = [new GatewayReference { Name = "gateway", Namespace = "edge" }],
        Rules =
        [
            new GatewayRouteRule
            {
                BackendRefs = [new GatewayReference { Name = dice.Name(Names.Services), Namespace = dice.Chance(60) ? null : dice.Name(Names.Namespaces), Port = ServicePort() }],
            },
        ],
    };

    private (Edit Put, Edit Delete) Grant() => Both(new V1beta1ReferenceGrant
    {
        Metadata = Meta("g", 1),
        Spec = new V1beta1ReferenceGrantSpec
        {
            From = [new GatewayReference { Group = GatewayGroup, Kind = dice.Pick(["HTTPRoute", "HTTPRoute", "GRPCRoute"]), Namespace = dice.Name(Names.Namespaces) }],
            To = [new GatewayReference { Group = "", Kind = "Service", Name = dice.Chance(50) ? null : dice.Name(Names.Services) }],
        },
    });

    private (Edit Put, Edit Delete) Webhook()
    {
        var meta = new V1ObjectMeta { Name = $"w{dice.Number(1, 2)}" };
        List<PartialWebhook> webhooks = [new PartialWebhook { ClientConfig = new PartialWebhookClientConfig { Service = Called() } }];
        return dice.Chance(50)
            ? Both(new PartialValidatingWebhookConfiguration { Metadata = meta, Webhooks = webhooks })
            : Both(new PartialMutatingWebhookConfiguration { Metadata = meta, Webhooks = webhooks });
    }

    private (Edit Put, Edit Delete) Api() => dice.Chance(50)
        ? Both(new PartialAPIService { Metadata = new V1ObjectMeta { Name = "v1.metrics" }, Spec = new PartialAPIServiceSpec { Service = Called() } })
        : Both(new PartialCustomResourceDefinition
        {
            Metadata = new V1ObjectMeta { Name = "things.example.com" },
            Spec = new PartialCustomResourceDefinitionSpec
            {
                Conversion = new PartialCustomResourceConversion { Webhook = new PartialWebhook { ClientConfig = new PartialWebhookClientConfig { Service = Called() } } },
            },
        });

    private ApiServerServiceReference Called() =>
        new() { Namespace = dice.Name(Names.Namespaces), Name = dice.Name(Names.Services), Port = dice.Chance(50) ? null : ServicePort() };

    private int ServicePort() => dice.Pick([80, 80, 80, 53, 9100, 443]);

    private V1ObjectMeta Meta(string prefix, int most) => new() { Name = $"{prefix}{dice.Number(1, most)}", NamespaceProperty = dice.Name(Names.Namespaces) };

    private static Dictionary<string, string> Labels(params (string Key, string Value)[] labels) => labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal);

    private static (Edit Put, Edit Delete) Both<TEntity>(TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        (new PutEdit<TEntity>(entity), new DeleteEdit<TEntity>(entity.Metadata.NamespaceProperty, entity.Metadata.Name!));
}
