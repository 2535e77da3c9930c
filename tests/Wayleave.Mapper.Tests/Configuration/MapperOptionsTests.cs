using Wayleave.Hosting;
using Wayleave.Mapper.Configuration;
using Wayleave.Settings;

namespace Wayleave.Mapper.Tests.Configuration;

public sealed class MapperOptionsTests
{
    [Fact]
    public void Has_the_documented_defaults()
    {
        var options = Read([]);

        (options.Port, options.MetricsPort, options.ProbePort).ShouldBe((8443, 8080, 8081));
        (options.Namespace, options.SensorNamespace, options.SensorServiceAccount, options.ServiceName)
            .ShouldBe(("wayleave-system", "wayleave-sensor", "wayleave-sensor", "wayleave-mapper"));
        (options.Retention, options.LeaderElect, options.CountsDiscoveries).ShouldBe((TimeSpan.FromDays(30), false, false));
    }

    [Fact]
    public void Prefers_a_flag_to_its_variable_and_that_to_the_default()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["WAYLEAVE_MAPPER_RETENTION"] = "48h",
            ["WAYLEAVE_MAPPER_METRICS_PORT"] = " ",
        };

        MapperOptions.Read(new Dictionary<string, string>(StringComparer.Ordinal), environment).Retention.ShouldBe(TimeSpan.FromHours(48));
        MapperOptions.Read(new Dictionary<string, string>(StringComparer.Ordinal) { ["retention"] = "1h30m" }, environment).Retention
            .ShouldBe(TimeSpan.FromMinutes(90));
        MapperOptions.Read(new Dictionary<string, string>(StringComparer.Ordinal), environment).MetricsPort.ShouldBe(8080);
    }

    [Theory]
    [InlineData("retention", "30d", "--retention: \"30d\" is not a duration; write it like 90s, 1m30s or 00:01:30")]
    [InlineData("retention", "", "--retention: \"\" is not a duration; write it like 90s, 1m30s or 00:01:30")]
    [InlineData("retention", "5m", "--retention: \"5m\" is out of range; use 1h to 87600h")]
    [InlineData("port", "70000", "--port: \"70000\" is out of range; use 0 to 65535")]
    [InlineData("port", "8080", "--port and --metrics-port are both 8080; give each a port of its own (0 picks a free one)")]
    [InlineData("page-port", "none", "--page-port: \"none\" is not a whole number; use 0 to 65535")]
    [InlineData("leader-elect", "maybe", "--leader-elect: \"maybe\" is neither true nor false; set it to true or false")]
    [InlineData("log-level", "Loud", "--log-level: \"Loud\" is unknown; use one of Trace, Debug, Information, Warning, Error, Critical, None")]
    public void Names_the_flag_and_the_fix_of_a_bad_value(string flag, string text, string message) =>
        Should.Throw<OptionsException>(() => Read([(flag, text)])).Message.ShouldBe(message);

    [Fact]
    public void Has_a_page_only_on_a_port_of_its_own()
    {
        Read([]).PagePort.ShouldBeNull();
        Read([("page-port", "0")]).PagePort.ShouldBe(0);
        Should.Throw<OptionsException>(() => Read([("page-port", "8443")])).Message.ShouldStartWith("--port and --page-port are both 8443");
    }

    [Fact]
    public void Names_the_variable_of_a_bad_value()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["WAYLEAVE_MAPPER_NAMESPACE"] = "Not_A_Name" };

        Should.Throw<OptionsException>(() => MapperOptions.Read(new Dictionary<string, string>(StringComparer.Ordinal), environment))
            .Message.ShouldStartWith("WAYLEAVE_MAPPER_NAMESPACE: \"Not_A_Name\" cannot be the name of a namespace; use at most 63");
    }

    [Theory]
    [InlineData("namespace")]
    [InlineData("sensor-namespace")]
    [InlineData("sensor-service-account")]
    [InlineData("service-name")]
    public void A_name_must_not_be_empty_or_have_dots(string flag)
    {
        Should.Throw<OptionsException>(() => Read([(flag, "")])).Message.ShouldStartWith($"--{flag}: \"\" cannot be the name of a ");
        Should.Throw<OptionsException>(() => Read([(flag, "a.b")])).Message.ShouldStartWith($"--{flag}: \"a.b\" cannot be the name of a ");
    }

    [Fact]
    public void Every_flag_has_a_variable_of_its_own_name() => MapperFlags.All.ShouldAllBe(flag =>
        flag.Variables.Single() == "WAYLEAVE_MAPPER_" + flag.Name.ToUpperInvariant().Replace('-', '_'));

    [Fact]
    public void Every_default_is_valid_as_the_value_of_its_flag() =>
        Read([.. MapperFlags.All.Select(flag => (flag.Name, flag.DefaultText))]).Retention.ShouldBe(TimeSpan.FromDays(30));

    [Fact]
    public async Task Exits_with_1_for_an_unknown_flag() =>
        (await InvokeAsync(["--no-such-flag"], (_, _) => Task.FromResult(0))).ShouldBe(ExitCodes.Failure);

    [Fact]
    public async Task A_switch_needs_no_value()
    {
        IReadOnlyDictionary<string, string>? given = null;

        await InvokeAsync(
            ["--leader-elect", "--retention=2h"],
            (flags, _) =>
            {
                given = flags;
                return Task.FromResult(0);
            });

        given.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["leader-elect"] = "true", ["retention"] = "2h" }, ignoreOrder: true);
    }

    private static Task<int> InvokeAsync(
        string[] arguments, Func<IReadOnlyDictionary<string, string>, CancellationToken, Task<int>> run) =>
        FlagCommand.InvokeAsync(FlagCommand.Create("Tests.", MapperFlags.All, run), arguments, default);

    private static MapperOptions Read((string Flag, string Text)[] given) => MapperOptions.Read(
        given.ToDictionary(pair => pair.Flag, pair => pair.Text, StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
}
