using Wayleave.Enforcement;
using Wayleave.Operator.Configuration;
using Wayleave.Settings;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Operator.Tests.Configuration;

public sealed class OperatorOptionsTests
{
    private static readonly Dictionary<string, string> Nothing = new(StringComparer.Ordinal);

    [Fact]
    public void Uses_the_defaults_without_flags_and_variables()
    {
        var options = OperatorOptions.Read(Nothing, Nothing);

        options.Namespace.ShouldBe("wayleave-system");
        options.Governance.Mode.ShouldBe(EnforcementMode.Enforce);
        options.Workers.ShouldBe(8);
        options.QueriesPerSecond.ShouldBeNull();
        options.AcceptsProtobuf.ShouldBeTrue();
        options.BindAddress.ShouldBeNull();
        options.MetricsPort.ShouldBe(8080);
        options.ProbePort.ShouldBe(8081);
        options.LeaderElect.ShouldBeFalse();
        options.AreClustersEnabled.ShouldBeFalse();
        options.LeaseDuration.ShouldBe(TimeSpan.FromSeconds(15));
        options.Telemetry.Enabled.ShouldBeTrue();
        options.Telemetry.Endpoint.ShouldBeNull();
    }

    [Fact]
    public void A_variable_overrides_the_default_and_a_flag_overrides_the_variable()
    {
        var environment = One("WAYLEAVE_MODE", "Shadow");

        OperatorOptions.Read(Nothing, environment).Governance.Mode.ShouldBe(EnforcementMode.Shadow);
        OperatorOptions.Read(One("mode", "Disabled"), environment).Governance.Mode.ShouldBe(EnforcementMode.Disabled);
    }

    [Fact]
    public void Reads_JSON_when_the_content_type_is_JSON() =>
        OperatorOptions.Read(One("kube-api-content-type", "application/json"), Nothing).AcceptsProtobuf.ShouldBeFalse();

    [Fact]
    public void Every_flag_has_a_variable_of_its_own_name_and_is_in_the_help()
    {
        foreach (var flag in Flags.All)
        {
            flag.Variable.ShouldBe("WAYLEAVE_" + flag.Name.ToUpperInvariant().Replace('-', '_'));
            flag.Help.ShouldContain(flag.Variable);
        }

        Flags.All.Select(flag => flag.Name).ShouldBeUnique();
    }

    [Theory]
    [InlineData("mode", "maybe")]
    [InlineData("mode", "1")]
    [InlineData("workers", "0")]
    [InlineData("workers", "many")]
    [InlineData("kube-api-qps", "-1")]
    [InlineData("kube-api-content-type", "application/yaml")]
    [InlineData("metrics-port", "65536")]
    [InlineData("probe-port", "x")]
    [InlineData("bind-address", "localhost")]
    [InlineData("dns-server", "dns.example.com")]
    [InlineData("leader-elect", "maybe")]
    [InlineData("leader-elect-lease-duration", "soon")]
    [InlineData("leader-elect-lease-duration", "999ms")]
    [InlineData("leader-elect-lease-duration", "1h1s")]
    [InlineData("leader-elect-renew-deadline", "0s")]
    [InlineData("leader-elect-retry-period", "99ms")]
    [InlineData("leader-elect-retry-period", "2h")]
    [InlineData("leader-elect-retry-period", "1440h")]
    [InlineData("log-level", "Loud")]
    public void Reports_an_invalid_value_with_its_flag_or_variable(string flag, string value)
    {
        var variable = "WAYLEAVE_" + flag.ToUpperInvariant().Replace('-', '_');

        Should.Throw<OptionsException>(() => OperatorOptions.Read(One(flag, value), Nothing)).Message.ShouldStartWith($"--{flag}: \"{value}\"");
        Should.Throw<OptionsException>(() => OperatorOptions.Read(Nothing, One(variable, value))).Message.ShouldStartWith($"{variable}: \"{value}\"");
    }

    [Theory]
    [InlineData("true")]
    [InlineData(" TRUE ")]
    [InlineData("1")]
    [InlineData("yes")]
    [InlineData("on")]
    public void Switches_accept_the_same_words_for_true_from_flags_and_variables(string text)
    {
        OperatorOptions.Read(One("clusters", text), Nothing).AreClustersEnabled.ShouldBeTrue();
        OperatorOptions.Read(Nothing, One("WAYLEAVE_CLUSTERS", text)).AreClustersEnabled.ShouldBeTrue();
        OperatorOptions.Read(One("telemetry-debug", text), Nothing).Telemetry.Debug.ShouldBeTrue();
        OperatorOptions.Read(Nothing, One("WAYLEAVE_TELEMETRY_DEBUG", text)).Telemetry.Debug.ShouldBeTrue();
    }

    [Theory]
    [InlineData("workers", "many", "is not a whole number; use 1 to 64")]
    [InlineData("workers", "65", "is out of range; use 1 to 64")]
    [InlineData("mode", "maybe", "is unknown; use one of Enforce, Shadow, Disabled")]
    [InlineData("egress", "maybe", "is neither true nor false; set it to true or false")]
    [InlineData("leader-elect-retry-period", "2", "is not a duration; write it like 90s, 1m30s or 00:01:30")]
    [InlineData(
        "pod-cidrs",
        "10.0.0.0/8,10.0.0.0/99",
        "has entry 2, which is not an address range; use CIDR form without host bits, for example 10.244.0.0/16 or fd00:10:244::/56")]
    public void An_error_message_says_what_is_wrong_and_how_to_fix_it(string flag, string value, string problem)
    {
        var variable = "WAYLEAVE_" + flag.ToUpperInvariant().Replace('-', '_');

        Should.Throw<OptionsException>(() => OperatorOptions.Read(One(flag, value), Nothing)).Message.ShouldBe($"--{flag}: \"{value}\" {problem}");
        Should.Throw<OptionsException>(() => OperatorOptions.Read(Nothing, One(variable, value))).Message.ShouldBe($"{variable}: \"{value}\" {problem}");
    }

    [Fact]
    public void Treats_an_empty_or_blank_variable_as_not_set()
    {
        var options = OperatorOptions.Read(
            Nothing, new Dictionary<string, string>(StringComparer.Ordinal) { ["WAYLEAVE_WORKERS"] = "", ["WAYLEAVE_MODE"] = " " });

        (options.Workers, options.Governance.Mode).ShouldBe((8, EnforcementMode.Enforce));
    }

    [Fact]
    public void Every_default_is_valid_as_the_value_of_its_flag()
    {
        var defaults = Flags.All.ToDictionary(setting => setting.Name, setting => setting.DefaultText, StringComparer.Ordinal);

        OperatorOptions.Read(defaults, Nothing).Telemetry.ShouldBe(TelemetrySettings.Default);
    }

    [Fact]
    public void Accepts_a_nameserver_with_or_without_a_port()
    {
        OperatorOptions.Read(Nothing, Nothing).DnsServer.ShouldBeNull();
        OperatorOptions.Read(One("dns-server", "10.96.0.10"), Nothing).DnsServer!.ToString().ShouldBe("10.96.0.10:53");
        OperatorOptions.Read(Nothing, One("WAYLEAVE_DNS_SERVER", "[2001:db8::53]:5353")).DnsServer!.ToString()
            .ShouldBe("[2001:db8::53]:5353");
    }

    [Fact]
    public void Accepts_a_namespace_to_watch_only_without_member_clusters()
    {
        var given = One("watch-namespace", "shop");

        OperatorOptions.Read(given, Nothing).WatchNamespace.ShouldBe("shop");
        var both = new Dictionary<string, string>(given, StringComparer.Ordinal) { ["clusters"] = "true" };
        Should.Throw<OptionsException>(() => OperatorOptions.Read(both, Nothing))
            .Message.ShouldStartWith("--watch-namespace needs --clusters=false");
    }

    [Theory]
    [InlineData("namespace", "Foo Bar")]
    [InlineData("namespace", "../../kube-system")]
    [InlineData("namespace", "a/b")]
    [InlineData("namespace", "a.b")]
    [InlineData("namespace", "-a")]
    [InlineData("namespace", "a-")]
    [InlineData("namespace", "ümlaut")]
    [InlineData("namespace", "a1234567890123456789012345678901234567890123456789012345678901234")]
    [InlineData("watch-namespace", "a/b")]
    [InlineData("watch-namespace", "Shop")]
    [InlineData("deployment", "a/b")]
    [InlineData("deployment", "a..b")]
    public void Reports_an_invalid_object_name_with_its_flag_or_variable(string flag, string value)
    {
        var variable = "WAYLEAVE_" + flag.ToUpperInvariant().Replace('-', '_');

        Should.Throw<OptionsException>(() => OperatorOptions.Read(One(flag, value), Nothing))
            .Message.ShouldStartWith($"--{flag}: \"{value}\" cannot be the name of ");
        Should.Throw<OptionsException>(() => OperatorOptions.Read(Nothing, One(variable, value)))
            .Message.ShouldStartWith($"{variable}: \"{value}\" cannot be the name of ");
    }

    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("wayleave-system-2")]
    [InlineData("a12345678901234567890123456789012345678901234567890123456789012")]
    public void Accepts_a_valid_namespace_name(string value) =>
        OperatorOptions.Read(One("namespace", value), Nothing).Namespace.ShouldBe(value);

    [Fact]
    public void Rejects_the_operators_own_namespace_as_the_namespace_to_watch()
    {
        var given =
            new Dictionary<string, string>(StringComparer.Ordinal) { ["watch-namespace"] = "wayleave-system", ["clusters"] = "false" };

        Should.Throw<OptionsException>(() => OperatorOptions.Read(given, Nothing))
            .Message.ShouldStartWith("--watch-namespace: \"wayleave-system\" is the operator's own namespace (--namespace)");
    }

    [Fact]
    public void Rejects_equal_ports_unless_both_are_0()
    {
        Should.Throw<OptionsException>(() => OperatorOptions.Read(One("metrics-port", "8081"), Nothing)).Message
            .ShouldBe("--metrics-port and --probe-port are both 8081; give each a port of its own (0 picks a free one)");
        var picked = new Dictionary<string, string>(StringComparer.Ordinal) { ["metrics-port"] = "0", ["probe-port"] = "0" };
        OperatorOptions.Read(picked, Nothing).ProbePort.ShouldBe(0);
    }

    [Fact]
    public void Rejects_a_renew_deadline_that_is_longer_than_the_lease_duration()
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal) { ["leader-elect-renew-deadline"] = "20s" };

        Should.Throw<OptionsException>(() => OperatorOptions.Read(given, Nothing)).Message.ShouldContain("--leader-elect-lease-duration");
    }

    [Fact]
    public void Accepts_lease_times_only_in_the_range_that_the_chart_allows()
    {
        var shortest = Times("1s", "101ms", "100ms");
        var longest = Times("1h", "59m", "58m");

        OperatorOptions.Read(shortest, Nothing).RetryPeriod.ShouldBe(TimeSpan.FromMilliseconds(100));
        OperatorOptions.Read(longest, Nothing).LeaseDuration.ShouldBe(TimeSpan.FromHours(1));
        Should.Throw<OptionsException>(() => OperatorOptions.Read(Times("2h", "10s", "2s"), Nothing))
            .Message.ShouldBe("--leader-elect-lease-duration: \"2h\" is out of range; use 1s to 1h");

        static Dictionary<string, string> Times(string lease, string renew, string retry) => new(StringComparer.Ordinal)
        {
            ["leader-elect-lease-duration"] = lease,
            ["leader-elect-renew-deadline"] = renew,
            ["leader-elect-retry-period"] = retry,
        };
    }

    [Fact]
    public void Turns_telemetry_off_if_a_key_would_be_sent_over_http_without_telemetry_insecure()
    {
        var given = One("telemetry-endpoint", "http://collector");
        given["telemetry-api-key-file"] = "/etc/key";

        OperatorOptions.Read(given, Nothing).Telemetry.Enabled.ShouldBeFalse();
        given["telemetry-insecure"] = "true";
        OperatorOptions.Read(given, Nothing).Telemetry.Enabled.ShouldBeTrue();
    }

    [Fact]
    public void An_invalid_telemetry_switch_turns_telemetry_off_and_is_reported()
    {
        var options = OperatorOptions.Read(Nothing, One("WAYLEAVE_TELEMETRY_ENABLED", "maybe"));

        options.Telemetry.Enabled.ShouldBeFalse();
        options.Telemetry.Problems.ShouldHaveSingleItem().ShouldContain("WAYLEAVE_TELEMETRY_ENABLED");
    }

    [Fact]
    public void An_empty_endpoint_flag_overrides_the_OTLP_endpoint_variable()
    {
        var options = OperatorOptions.Read(One("telemetry-endpoint", ""), One("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318"));

        options.Telemetry.Endpoint.ShouldBeNull();
    }

    private static Dictionary<string, string> One(string name, string value) => new(StringComparer.Ordinal) { [name] = value };
}
