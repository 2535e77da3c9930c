using Wayleave.Enforcement.Exposure;

namespace Wayleave.Enforcement.Tests.Exposure;

public class WellKnownIngressControllersTests
{
    [Theory]
    [InlineData("k8s.io/ingress-nginx", "ingress-nginx")]
    [InlineData("nginx.org/ingress-controller", "nginx-ingress")]
    [InlineData("traefik.io/ingress-controller", "traefik")]
    [InlineData("traefik.io/gateway-controller", "traefik")]
    [InlineData("haproxy.org/ingress-controller", "haproxy")]
    [InlineData("haproxy.org/ingress-controller/prod", "haproxy")]
    [InlineData("haproxy-ingress.github.io/controller", "haproxy")]
    [InlineData("projectcontour.io/projectcontour/contour-team-a", "contour")]
    [InlineData("projectcontour.io/gateway-controller", "contour")]
    [InlineData("gateway.envoyproxy.io/gatewayclass-controller", "envoy-gateway")]
    [InlineData("cilium.io/ingress-controller", "cilium")]
    [InlineData("io.cilium/gateway-controller", "cilium")]
    [InlineData("istio.io/ingress-controller", "istio")]
    [InlineData("istio.io/gateway-controller", "istio")]
    [InlineData("openshift.io/ingress-to-route", "openshift")]
    [InlineData("ingress-controllers.konghq.com/kong", null)]
    [InlineData("k8s.io/ingress-nginx-internal", null)]
    [InlineData("", null)]
    [InlineData("/", null)]
    public void Recognizes_a_controller_by_its_documented_name_or_a_path_below_it(string controller, string? key) =>
        WellKnownIngressControllers.FindKey(controller).ShouldBe(key);

    [Theory]
    [InlineData("nginx", "k8s.io/ingress-nginx")]
    [InlineData("traefik", "traefik.io/ingress-controller")]
    [InlineData("haproxy", "haproxy.org/ingress-controller")]
    [InlineData("istio", "istio.io/ingress-controller")]
    [InlineData("gce", "k8s.io/ingress-gce")]
    [InlineData("gce-internal", "k8s.io/ingress-gce")]
    [InlineData("kong", null)]
    [InlineData("", null)]
    public void Finds_the_controller_of_a_legacy_class_by_its_name(string name, string? controller) =>
        WellKnownIngressControllers.FindControllerByClass(name).ShouldBe(controller);

    [Theory]
    [InlineData("ingress.k8s.aws/alb", true)]
    [InlineData("azure/application-gateway", true)]
    [InlineData("k8s.io/ingress-gce", true)]
    [InlineData("networking.gke.io/gateway", true)]
    [InlineData("k8s.io/ingress-nginx", false)]
    [InlineData("", false)]
    public void Cloud_load_balancers_are_outside_the_cluster(string controller, bool isOutside) =>
        WellKnownIngressControllers.IsExternalLoadBalancer(controller).ShouldBe(isOutside);

    [Fact]
    public void Recognizes_Pods_that_have_all_documented_labels_of_a_controller()
    {
        Keys("app.kubernetes.io/name: ingress-nginx").ShouldBeEmpty();
        Keys("app.kubernetes.io/name: ingress-nginx", "app.kubernetes.io/component: controller", "team: edge").ShouldBe(["ingress-nginx"]);
        Keys("app.kubernetes.io/name: traefik").ShouldBe(["traefik"]);
        Keys("app: envoy").ShouldBe(["contour"]);
        Keys("istio: ingressgateway", "app.kubernetes.io/name: traefik").ShouldBe(["istio", "traefik"], ignoreOrder: true);
        Keys("app: cart").ShouldBeEmpty();
        Keys().ShouldBeEmpty();
        WellKnownIngressControllers.FindKeys(null).ShouldBeEmpty();
    }

    [Fact]
    public void Recognizes_the_proxy_of_the_API_server_only_in_its_own_namespace()
    {
        var proxy = Given.Workload("konnectivity-agent", "kube-system") with { PodLabels = new Dictionary<string, string>() { ["k8s-app"] = "konnectivity-agent" } };

        WellKnownIngressControllers.FindKeys(proxy).ShouldBe([WellKnownIngressControllers.ApiServerProxy]);
        WellKnownIngressControllers.FindKeys(proxy with { Namespace = "evil" }).ShouldBeEmpty();
    }

    private static IEnumerable<string> Keys(params string[] labels) => WellKnownIngressControllers.FindKeys(
        Given.Workload("proxy") with { PodLabels = labels.Select(label => label.Split(": ")).ToDictionary(label => label[0], label => label[1]) });
}
