using Wayleave.Sensor.Configuration;

namespace Wayleave.Sensor.Tests.Configuration;

public sealed class SensorCommandTests
{
    private static readonly string[] _required = ["--mapper-url", "https://mapper.test:8443", "--token-file", "/token"];

    [Fact]
    public async Task Reads_flags_and_defaults()
    {
        var (code, _, options) = await RunAsync([.. _required, "--report-interval", "1m"]);
        code.ShouldBe(0);
        options!.Mapper.ShouldBe(new Uri("https://mapper.test:8443"));
        (options.TokenFile, options.CaFile, options.ReportInterval).ShouldBe(("/token", null, TimeSpan.FromMinutes(1)));
        (options.ProcDirectory, options.CgroupDirectory).ShouldBe(("/proc", "/sys/fs/cgroup"));
    }

    [Fact]
    public async Task A_flag_overrides_its_variable()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["WAYLEAVE_SENSOR_CA_FILE"] = "/ca",
            ["WAYLEAVE_SENSOR_TOKEN_FILE"] = "/other",
        };
        var (_, _, options) = await RunAsync(_required, variables);
        (options!.CaFile, options.TokenFile).ShouldBe(("/ca", "/token"));
    }

    [Theory]
    [InlineData("--mapper-url", "http://mapper.test")]
    [InlineData("--mapper-url", "mapper.test:8443")]
    [InlineData("--mapper-url", "https://mapper.test/path")]
    [InlineData("--token-file", "")]
    [InlineData("--report-interval", "10")]
    [InlineData("--report-interval", "0s")]
    [InlineData("--report-interval", "6m")]
    [InlineData("--proc-dir", "/nowhere")]
    [InlineData("--cgroup-dir", "/nowhere")]
    [InlineData("--log-level", "Loud")]
    [InlineData("--log-level", "2")]
    public async Task A_value_that_cannot_be_used_is_named_with_its_flag(string flag, string value)
    {
        string[] others = [.. _required.Chunk(2).Where(pair => pair[0] != flag).SelectMany(pair => pair)];
        var (code, error, options) = await RunAsync([.. others, flag, value]);
        code.ShouldBe(2);
        error.ShouldContain($"wayleave-sensor: {flag}: ");
        error.ShouldContain("; ");
        options.ShouldBeNull();
    }

    [Theory]
    [InlineData("--no-such-flag")]
    [InlineData("--mapper-url")]
    public async Task A_command_line_that_cannot_be_parsed_ends_with_the_same_code(string argument)
    {
        var (code, error, _) = await RunAsync([argument]);
        code.ShouldBe(2);
        error.ShouldContain(argument);
    }

    [Fact]
    public async Task Says_what_is_missing()
    {
        var (code, error, _) = await RunAsync([]);
        code.ShouldBe(2);
        error.ShouldContain("--mapper-url");
    }

    private static async Task<(int Code, string Error, SensorOptions? Options)> RunAsync(
        string[] arguments, Dictionary<string, string>? variables = null)
    {
        SensorOptions? given = null;
        await using var error = new StringWriter();
        var code = await SensorCommand.InvokeAsync(
            arguments,
            name => variables?.GetValueOrDefault(name),
            error,
            (options, _) =>
            {
                given = options;
                return Task.FromResult(0);
            },
            CancellationToken.None);
        return (code, error.ToString(), given);
    }
}
