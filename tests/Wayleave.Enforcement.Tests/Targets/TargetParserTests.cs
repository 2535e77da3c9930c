using Wayleave.Api;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Tests.Targets;

public class TargetParserTests
{
    [Theory]
    [InlineData("cart", "shop", "cart")]
    [InlineData("orders.billing", "billing", "orders")]
    [InlineData("my.app.shop", "shop", "my.app")]
    public void A_server_is_named_with_or_without_its_namespace(string text, string @namespace, string name)
    {
        var target = Read(Given.Target(text));

        target.Reference!.Server.ShouldBe(new PolicyKey(SubjectType.Workload, @namespace, name));
        target.Name.ShouldBe($"{name}.{@namespace}");
        target.Type.ShouldBe(TargetTypes.Kubernetes);
    }

    [Fact]
    public void A_workload_target_keeps_its_kind_ports_and_paths()
    {
        var target = Given.Target("cart", "StatefulSet", 80, 443);
        target.Kubernetes!.Http = [new HttpResource { Path = "/" }];

        var reference = Read(target).Reference!;

        reference.Kind.ShouldBe(WorkloadKind.StatefulSet);
        reference.Ports.ShouldBe([DeclaredPort.Single(80), DeclaredPort.Single(443)]);
        reference.HasHttpPaths.ShouldBeTrue();
    }

    [Fact]
    public void A_Service_target_names_a_Service_as_the_server() =>
        Read(Given.ServiceTarget("redis.data", 6379)).Reference!.Server.ShouldBe(new PolicyKey(SubjectType.Service, "data", "redis"));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("cart.")]
    [InlineData(".shop")]
    [InlineData("Cart")]
    [InlineData("cart/../x")]
    [InlineData("cart..shop")]
    [InlineData("-cart")]
    [InlineData("cart\nshop")]
    [InlineData(null)]
    public void Rejects_an_invalid_name_and_reports_the_field(string? text)
    {
        var result = Read(Given.Target(text!)).Result!;

        result.State.ShouldBe(TargetStateNames.Failed);
        result.Reason.ShouldBe(Reasons.InvalidSpec);
        result.Message!.ShouldStartWith("spec.targets[0].kubernetes.name: ");
        result.Message!.ShouldNotContain("\n");
    }

    [Fact]
    public void Rejects_a_namespace_that_is_too_long() =>
        Read(Given.Target($"cart.{new string('a', 64)}")).Result!.Reason.ShouldBe(Reasons.InvalidSpec);

    [Fact]
    public void Shortens_a_very_long_name_in_the_message() =>
        Read(Given.Target(new string('A', 100_000))).Result!.Message!.Length.ShouldBeLessThan(200);

    [Fact]
    public void Rejects_an_unknown_kind_and_reports_the_field() =>
        Read(Given.Target("cart", "Deploymint")).Result!.Message!.ShouldStartWith("spec.targets[0].kubernetes.kind: ");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65536)]
    public void Rejects_a_port_out_of_range_and_reports_the_field(int port) =>
        Read(Given.Target("cart", null, 80, port)).Result!.Message!.ShouldStartWith("spec.targets[0].kubernetes.ports[1]: ");

    [Fact]
    public void Rejects_a_target_without_a_type_or_with_two()
    {
        var two = new IntentTarget { Kubernetes = new KubernetesTarget { Name = "cart" }, Sql = new SqlTarget { Name = "db" } };

        foreach (var target in Given.Intents("checkout", new IntentTarget(), two, null!).Parse().Targets)
        {
            target.Type.ShouldBe(TargetTypes.Unknown);
            target.Result!.Reason.ShouldBe(Reasons.InvalidSpec);
            target.Result.Message!.ShouldStartWith($"spec.targets[{target.Index}]: ");
        }
    }

    [Fact]
    public void Reports_Kafka_and_SQL_targets_as_not_supported()
    {
        var targets = Given.Intents(
            "checkout",
            new IntentTarget { Kafka = new KafkaTarget { Name = "kafka.streams" } },
            new IntentTarget { Sql = new SqlTarget { Name = "orders-db" } }).Parse().Targets;

        targets.ShouldAllBe(target => target.Reference == null && target.Result!.State == TargetStateNames.NotSupported);
        targets.Select(target => target.Name).ShouldBe(["kafka.streams", "orders-db"]);
    }

    [Fact]
    public void An_internet_target_has_ranges_domains_and_ports()
    {
        var target = Read(new IntentTarget
        {
            Internet = new InternetTarget { Ips = ["203.0.113.7"], Domains = ["api.example.com", "*.example.org", "api.example.com"], Ports = [443] },
        });

        target.Name.ShouldBe("api.example.com and 3 more");
        target.Internet!.Ranges.ShouldBe(["203.0.113.7/32"]);
        target.Internet.Domains.ShouldBe(["api.example.com", "*.example.org"]);
        target.Internet.Ports.ShouldBe([DeclaredPort.Single(443)]);
        target.Internet.EveryAddressField.ShouldBeNull();
    }

    [Theory]
    [InlineData("ips[0]", "0.0.0.0/0")]
    [InlineData("ips[1]", "203.0.113.0/24", "::/0")]
    [InlineData("ips", "0.0.0.0/1", "128.0.0.0/1")]
    [InlineData("ips", "128.0.0.0/2", "0.0.0.0/2", "192.0.0.0/2", "64.0.0.0/2", "10.0.0.0/8")]
    [InlineData("ips", "::/1", "203.0.113.7", "8000::/1")]
    [InlineData(null, "0.0.0.0/1", "128.0.0.0/2")]
    [InlineData(null, "0.0.0.0/2", "128.0.0.0/1")]
    [InlineData(null, "0.0.0.0/1", "8000::/1")]
    public void Detects_ranges_that_together_include_every_address_of_a_family(string? field, params string[] ips) =>
        Read(new IntentTarget { Internet = new InternetTarget { Ips = [.. ips] } }).Internet!.EveryAddressField
            .ShouldBe(field is null ? null : $"spec.targets[0].internet.{field}");

    [Theory]
    [InlineData("10.0.0.0/8", "0.0.0.0/0")]
    [InlineData("10.0.0.0/8", "0.0.0.0/1", "128.0.0.0/1")]
    [InlineData("255.255.255.255", "0.0.0.0/0")]
    [InlineData("0.0.0.0", "0.0.0.0/0")]
    [InlineData("fc00::/7", "::/0")]
    [InlineData("10.1.0.0/16", "0.0.0.0/0", "10.0.0.0/8")]
    public void Ranges_with_an_exception_do_not_include_every_address(string except, params string[] ips) =>
        Read(new IntentTarget { Internet = new InternetTarget { Ips = [.. ips], Except = [except] } }).Internet!.EveryAddressField
            .ShouldBeNull();

    [Theory]
    [InlineData("203.0.113.7", "\"203.0.113.7\" is an address; move it to ips")]
    [InlineData("api..example.com", "\"api..example.com\" is not a DNS name; correct it")]
    [InlineData("*", "\"*\" is not a DNS name; correct it")]
    [InlineData("b\u00fccher.example", "\"b?cher.example\" is not a DNS name; correct it")]
    public void Rejects_an_invalid_domain(string domain, string problem) =>
        Read(new IntentTarget { Internet = new InternetTarget { Domains = ["api.example.com", domain] } }).Result
            .ShouldBe(TargetResult.Failed(Reasons.InvalidSpec, $"spec.targets[0].internet.domains[1]: {problem}"));

    [Fact]
    public void Rejects_a_domain_with_a_label_of_more_than_63_characters() =>
        Read(new IntentTarget { Internet = new InternetTarget { Domains = [$"{new string('a', 64)}.example.com"] } }).Result!.Message!
            .ShouldEndWith(" has a label of more than 63 characters, which DNS does not allow; correct it");

    [Fact]
    public void Rejects_an_empty_internet_target() =>
        Read(new IntentTarget { Internet = new InternetTarget() }).Result!.Reason.ShouldBe(Reasons.InvalidSpec);

    [Fact]
    public void Rejects_every_target_of_an_invalid_client()
    {
        var targets = Given.Intents("check out", Given.Target("cart"), Given.Target("orders")).Parse().Targets;

        targets.ShouldAllBe(target => target.Reference == null && target.Result!.Message!.StartsWith("spec.workload.name: "));
    }

    [Fact]
    public void Lists_each_server_once()
    {
        var intents = Given.Intents("checkout", Given.Target("cart"), Given.Target("cart.shop", null, 80), Given.ServiceTarget("cart"), Given.Target("X"));

        intents.Parse().Servers.ShouldBe(
            [new PolicyKey(SubjectType.Workload, "shop", "cart"), new PolicyKey(SubjectType.Service, "shop", "cart")],
            ignoreOrder: true);
    }

    [Fact]
    public void Finds_the_targets_that_name_a_server()
    {
        var intents = Given.Intents(
            "checkout",
            Given.Target("cart"),
            Given.Target("cart.web"),
            Given.ServiceTarget("cart"),
            Given.Target("cart.shop", "Pod"),
            Given.Target("cart-2"),
            Given.Target("cart", "?"),
            new IntentTarget());

        intents.Parse().TargetsOn(new PolicyKey(SubjectType.Workload, "shop", "cart")).Select(target => target.Index).ShouldBe([0, 3]);
        intents.Parse().TargetsOn(new PolicyKey(SubjectType.Service, "shop", "cart")).Select(target => target.Index).ShouldBe([2]);
        intents.Parse().TargetsOn(new PolicyKey(SubjectType.Workload, "web", "cart")).Select(target => target.Index).ShouldBe([1]);
    }

    [Fact]
    public void An_invalid_object_has_no_targets_to_any_server() =>
        Given.Intents("check out", Given.Target("cart")).Parse().TargetsOn(new PolicyKey(SubjectType.Workload, "shop", "cart")).ShouldBeEmpty();

    [Fact]
    public void An_object_that_is_being_deleted_names_no_servers()
    {
        var intents = Given.Intents("checkout", Given.Target("cart"));
        intents.Metadata.DeletionTimestamp = DateTime.UnixEpoch;

        intents.Parse().Servers.ShouldBeEmpty();
    }

    private static DeclaredTarget Read(IntentTarget target) => Given.Intents("checkout", target).Parse().Targets.ShouldHaveSingleItem();
}
