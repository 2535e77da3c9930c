using Wayleave.Api;
using Wayleave.Enforcement.Observed;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Tests.Observed;

public class UndeclaredCallFinderTests
{
    private readonly TestServers _servers = new TestServers().Add("cart", ("http", 8080), ("metrics", 9090)).Add("orders");

    [Fact]
    public void A_call_without_any_declaration_is_undeclared() =>
        Undeclared([Seen.Workload("cart", 8080)]).ShouldBe(["cart.shop:8080"]);

    [Theory]
    [InlineData("cart", null, true)]
    [InlineData("cart.shop", null, true)]
    [InlineData("cart", "Deployment", true)]
    [InlineData("cart", "StatefulSet", false)]
    [InlineData("cart.other", null, false)]
    [InlineData("carts", null, false)]
    public void A_workload_is_declared_by_its_name_namespace_and_kind(string name, string? kind, bool isDeclared) =>
        (Undeclared([Seen.Workload("cart", 8080)], Given.Target(name, kind)).Count == 0).ShouldBe(isDeclared);

    [Theory]
    [InlineData("8080", true)]
    [InlineData("8000-8100", true)]
    [InlineData("8080/TCP", true)]
    [InlineData("http", true)]
    [InlineData("metrics", false)]
    [InlineData("8081", false)]
    [InlineData("8080/UDP", false)]
    public void A_port_of_a_workload_is_declared_by_number_range_or_name(string port, bool isDeclared) =>
        (Undeclared([Seen.Workload("cart", 8080)], WithPorts("cart", port)).Count == 0).ShouldBe(isDeclared);

    [Fact]
    public void Only_the_ports_that_are_not_declared_are_reported()
    {
        var call = Seen.Workload("cart");
        call.Target.Kubernetes!.Ports = [9090, 8080, "53/UDP"];

        Undeclared([call], WithPorts("cart", "8080")).ShouldBe(["cart.shop:53/UDP,9090"]);
        Undeclared([call], WithPorts("cart", "8080"), WithPorts("cart", "9090"), WithPorts("cart", "53/UDP")).ShouldBeEmpty();
    }

    [Fact]
    public void A_call_without_known_ports_is_declared_by_a_target_with_any_ports() =>
        Undeclared([Seen.Workload("cart")], WithPorts("cart", "8080")).ShouldBeEmpty();

    [Fact]
    public void A_port_name_of_a_workload_that_does_not_exist_is_taken_for_the_called_port() =>
        Undeclared([Seen.Workload("gone", 8080)], WithPorts("gone", "http")).ShouldBeEmpty();

    [Fact]
    public void A_workload_is_declared_by_the_labels_of_its_Pods()
    {
        var target = Given.Target("anything");
        target.Kubernetes!.Selector = Given.Selector(("app", "cart"));

        Undeclared([Seen.Workload("cart", 8080)], target).ShouldBeEmpty();
        Undeclared([Seen.Workload("orders", 8080)], target).ShouldBe(["orders.shop:8080"]);
    }

    [Fact]
    public void A_workload_is_declared_by_a_Service_that_leads_to_the_called_port()
    {
        _servers.AddService("front", "cart", new PartialServicePort { Name = "web", Port = 80, TargetPort = "http" }, new PartialServicePort { Name = "m", Port = 90, TargetPort = 9090 });

        Undeclared([Seen.Workload("cart", 8080, service: "front")], Given.ServiceTarget("front")).ShouldBeEmpty();
        Undeclared([Seen.Workload("cart", 8080)], Given.ServiceTarget("front", 80)).ShouldBeEmpty();
        Undeclared([Seen.Workload("cart", 9090)], Given.ServiceTarget("front", 80)).ShouldBe(["cart.shop:9090"]);
        Undeclared([Seen.Workload("orders", 8080)], Given.ServiceTarget("front")).ShouldBe(["orders.shop:8080"]);
    }

    [Fact]
    public void A_headless_Service_without_ports_declares_every_port_of_its_Pods()
    {
        _servers.AddService("peers", "cart");

        Undeclared([Seen.Workload("cart", 7000)], Given.ServiceTarget("peers")).ShouldBeEmpty();
    }

    [Fact]
    public void A_Service_whose_Pods_are_not_known_declares_the_calls_to_its_address()
    {
        _servers.AddService("external", app: null, new PartialServicePort { Port = 80 });

        Undeclared([Seen.Workload("cart", 8080, service: "external")], Given.ServiceTarget("external")).ShouldBeEmpty();
        Undeclared([Seen.Workload("cart", 8080, service: "gone.shop")], Given.ServiceTarget("gone")).ShouldBeEmpty();
        Undeclared([Seen.Workload("cart", 8080)], Given.ServiceTarget("external")).ShouldBe(["cart.shop:8080"]);
    }

    [Fact]
    public void A_Service_is_declared_by_its_name_and_ports()
    {
        _servers.AddService("kubernetes", app: null, new PartialServicePort { Name = "https", Port = 443, TargetPort = 6443 });
        var named = Given.ServiceTarget("kubernetes");
        named.Service!.Ports = ["https"];

        Undeclared([Seen.Service("kubernetes", 443)], Given.ServiceTarget("kubernetes")).ShouldBeEmpty();
        Undeclared([Seen.Service("kubernetes", 443)], named).ShouldBeEmpty();
        Undeclared([Seen.Service("kubernetes", 443)], Given.ServiceTarget("kubernetes", 80)).ShouldBe(["kubernetes.shop:443"]);
        Undeclared([Seen.Service("kubernetes", 443)], Given.Target("kubernetes")).ShouldBe(["kubernetes.shop:443"]);
    }

    [Fact]
    public void A_Service_is_declared_by_all_workloads_behind_it()
    {
        _servers.AddService("front", "cart", new PartialServicePort { Port = 80, TargetPort = 8080 }).Add("cart", WorkloadKind.StatefulSet);

        Undeclared([Seen.Service("front", 80)], Given.Target("cart", "Deployment")).ShouldBe(["front.shop:80"]);
        Undeclared([Seen.Service("front", 80)], Given.Target("cart", "Deployment"), Given.Target("cart", "StatefulSet", 8080)).ShouldBeEmpty();
        Undeclared([Seen.Service("front", 80)], Given.Target("cart", null, 80)).ShouldBe(["front.shop:80"]);
    }

    [Theory]
    [InlineData("api.example.com", true)]
    [InlineData("*.example.com", true)]
    [InlineData("*.com", true)]
    [InlineData("*.api.example.com", false)]
    [InlineData("example.com", false)]
    [InlineData("*.ample.com", false)]
    public void A_domain_is_declared_by_its_name_or_a_wildcard(string declared, bool isDeclared) =>
        (Undeclared([Seen.Domain("api.example.com")], Internet(domains: declared)).Count == 0).ShouldBe(isDeclared);

    [Fact]
    public void A_domain_is_declared_by_ranges_that_include_all_its_addresses()
    {
        var call = Seen.Domain("api.example.com", 443, "203.0.113.7", "203.0.113.8");

        Undeclared([call], Internet(ips: "203.0.113.0/24")).ShouldBeEmpty();
        Undeclared([call], Internet(ips: "203.0.113.7")).ShouldBe(["api.example.com:443"]);
        Undeclared([Seen.Domain("api.example.com")], Internet(ips: "203.0.113.0/24")).ShouldBe(["api.example.com:443"]);
    }

    [Fact]
    public void An_address_is_declared_by_a_range_without_its_exceptions()
    {
        var target = Internet(ips: "203.0.113.0/24");
        target.Internet!.Except = ["203.0.113.128/25"];

        Undeclared([Seen.Address("203.0.113.7"), Seen.Address("203.0.113.200"), Seen.Address("2001:db8::1")], target)
            .ShouldBe(["2001:db8::1:443", "203.0.113.200:443"], ignoreOrder: true);
    }

    [Fact]
    public void A_domain_whose_addresses_are_all_exceptions_is_undeclared()
    {
        var target = Internet(domains: "api.example.com", ips: "203.0.113.0/24");
        target.Internet!.Except = ["203.0.113.128/25"];

        Undeclared([Seen.Domain("api.example.com", 443, "203.0.113.200")], target).ShouldBe(["api.example.com:443"]);
        Undeclared([Seen.Domain("api.example.com", 443, "203.0.113.200", "203.0.113.7")], target).ShouldBeEmpty();
    }

    [Fact]
    public void An_address_is_declared_by_a_domain_that_resolves_to_it()
    {
        var intents = Given.Intents("checkout", Internet(domains: "api.example.com"));
        intents.Status = new ClientIntentsStatus { ObservedGeneration = 1, Targets = [new TargetStatus { Addresses = ["203.0.113.7"] }] };

        Find([Seen.Address("203.0.113.7"), Seen.Address("203.0.113.8")], intents).ShouldBe(["203.0.113.8:443"]);
    }

    [Theory]
    [InlineData("443", true)]
    [InlineData("400-500", true)]
    [InlineData("80", false)]
    [InlineData("443/UDP", false)]
    public void A_port_of_a_domain_is_declared_by_number_or_range(string port, bool isDeclared)
    {
        var target = Internet(domains: "api.example.com");
        target.Internet!.Ports = [Port(port)];

        (Undeclared([Seen.Domain("api.example.com")], target).Count == 0).ShouldBe(isDeclared);
        Undeclared([Seen.Domain("api.example.com", port: null)], target).ShouldBeEmpty();
    }

    [Fact]
    public void Targets_that_are_not_enforced_declare_no_connection()
    {
        var kafka = new IntentTarget { Kafka = new KafkaTarget { Name = "cart" } };
        var sql = new IntentTarget { Sql = new SqlTarget { Name = "cart" } };

        Undeclared([Seen.Workload("cart", 8080)], kafka, sql).ShouldBe(["cart.shop:8080"]);
    }

    [Fact]
    public void Infrastructure_and_refused_calls_do_not_have_to_be_declared() => Undeclared(
    [
        Seen.Workload("cart", 8080).With(ObservedOutcomes.Refused),
        Seen.Workload("orders", 8080).With(ObservedOutcomes.Connected, ObservedClasses.Infrastructure),
    ]).ShouldBeEmpty();

    [Fact]
    public void A_call_declared_by_any_ClientIntents_of_the_client_is_declared()
    {
        Find([Seen.Workload("cart", 8080), Seen.Workload("orders", 80)], Given.Intents("checkout", Given.Target("cart")), Given.Intents("more", Given.Target("orders")))
            .ShouldBeEmpty();
    }

    [Fact]
    public void A_ClientIntents_that_is_being_deleted_declares_nothing()
    {
        var intents = Given.Intents("checkout", Given.Target("cart"));
        intents.Metadata.DeletionTimestamp = DateTime.UnixEpoch;

        Find([Seen.Workload("cart", 8080)], intents).ShouldBe(["cart.shop:8080"]);
    }

    private List<string> Undeclared(ObservedCall[] calls, params IntentTarget[] targets) =>
        targets.Length == 0 ? Find(calls) : Find(calls, Given.Intents("checkout", targets));

    private List<string> Find(ObservedCall[] calls, params ClientIntents[] declarations) =>
        [.. new UndeclaredCallFinder(_servers).Find(Seen.By(calls), new DeclaredCalls(declarations)).Select(call => call.ToString())];

    private static IntentTarget WithPorts(string name, string port)
    {
        var target = Given.Target(name);
        target.Kubernetes!.Ports = [Port(port)];
        return target;
    }

    private static IntentTarget Internet(string? domains = null, string? ips = null) => new()
    {
        Internet = new InternetTarget { Domains = domains is null ? null : [domains], Ips = ips is null ? null : [ips] },
    };

    private static PortNumberOrName Port(string text) => int.TryParse(text, out var number) ? number : text;
}
