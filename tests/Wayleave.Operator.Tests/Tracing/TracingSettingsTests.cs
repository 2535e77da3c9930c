using Wayleave.Operator.Configuration;
using Wayleave.Settings;

namespace Wayleave.Operator.Tests.Tracing;

public sealed class TracingSettingsTests
{
    private static readonly Dictionary<string, string> Nothing = new(StringComparer.Ordinal);

    [Fact]
    public void Tracing_is_off_without_an_endpoint()
    {
        OperatorOptions.Read(Nothing, Nothing).Tracing.ShouldBeNull();
        OperatorOptions.Read(Given(("tracing-endpoint", ""), ("tracing-sampling-ratio", "1")), Nothing).Tracing.ShouldBeNull();
    }

    [Fact]
    public void The_endpoint_of_telemetry_and_standard_variables_do_not_turn_tracing_on()
    {
        var environment = Given(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"), ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://collector:4318"),
            ("OTEL_TRACES_EXPORTER", "otlp"));

        OperatorOptions.Read(Given(("telemetry-endpoint", "http://collector:4318")), environment).Tracing.ShouldBeNull();
    }

    [Fact]
    public void Turning_telemetry_off_leaves_tracing_on()
    {
        var options = OperatorOptions.Read(
            Given(("telemetry-enabled", "false")),
            Given(("WAYLEAVE_TRACING_ENDPOINT", "http://collector:4318"), ("OTEL_SDK_DISABLED", "true"), ("DO_NOT_TRACK", "1")));

        options.Telemetry.Enabled.ShouldBeFalse();
        var tracing = options.Tracing.ShouldNotBeNull();
        (tracing.Endpoint, tracing.SamplingRatio, tracing.Headers.IsEmpty, tracing.CaFile)
            .ShouldBe((new Uri("http://collector:4318"), 0.1, true, null));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("0.25", 0.25)]
    [InlineData("1e-05", 0.00001)]
    public void Reads_the_sampling_ratio(string text, double ratio) =>
        OperatorOptions.Read(Given(("tracing-endpoint", "https://collector"), ("tracing-sampling-ratio", text)), Nothing)
            .Tracing!.SamplingRatio.ShouldBe(ratio);

    [Theory]
    [InlineData("tracing-endpoint", "collector:4318")]
    [InlineData("tracing-endpoint", "grpc://collector:4317")]
    [InlineData("tracing-endpoint", "https://user:hunter2@collector")]
    [InlineData("tracing-endpoint", "https://collector?key=hunter2")]
    [InlineData("tracing-sampling-ratio", "1.1")]
    [InlineData("tracing-sampling-ratio", "-1")]
    [InlineData("tracing-sampling-ratio", "NaN")]
    [InlineData("tracing-sampling-ratio", "10%")]
    public void An_invalid_value_is_an_error_that_names_the_flag_or_variable_and_does_not_repeat_it(string flag, string value)
    {
        var variable = "WAYLEAVE_" + flag.ToUpperInvariant().Replace('-', '_');

        var byFlag = Should.Throw<OptionsException>(() => OperatorOptions.Read(Given((flag, value)), Nothing)).Message;
        var byVariable = Should.Throw<OptionsException>(() => OperatorOptions.Read(Nothing, Given((variable, value)))).Message;

        byFlag.ShouldStartWith($"--{flag} is");
        byVariable.ShouldStartWith($"{variable} is");
        byFlag.ShouldNotContain(value);
    }

    [Fact]
    public void Headers_come_from_a_variable_and_an_error_does_not_repeat_them()
    {
        var environment = Given(("WAYLEAVE_TRACING_ENDPOINT", "https://collector"), ("WAYLEAVE_TRACING_HEADERS", "x-scope=shop,authorization=Bearer%20key"));
        OperatorOptions.Read(Nothing, environment).Tracing!.Headers.Names.ShouldBe(["x-scope", "authorization"]);

        var error = Should.Throw<OptionsException>(() => OperatorOptions.Read(Nothing, Given(("WAYLEAVE_TRACING_HEADERS", "hunter2"))));
        error.Message.ShouldStartWith("WAYLEAVE_TRACING_HEADERS is not a list of headers");
        error.Message.ShouldNotContain("hunter2");
    }

    private static Dictionary<string, string> Given(params (string Name, string Value)[] settings) =>
        settings.ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal);
}
