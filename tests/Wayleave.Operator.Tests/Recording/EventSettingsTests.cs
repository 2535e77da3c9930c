using Wayleave.EventStore.Storage;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Recording;
using Wayleave.Settings;

namespace Wayleave.Operator.Tests.Recording;

public sealed class EventSettingsTests
{
    [Fact]
    public void Is_off_without_a_folder() => Read().ShouldBeNull();

    [Fact]
    public void Has_the_defaults_of_the_store() => Read(("event-store-dir", "/events")).ShouldBe(new EventSettings(
        new EventStoreSettings(
            "/events", EventStoreSettings.DefaultAuditRetention, EventStoreSettings.DefaultDiagnosticRetention, EventStoreSettings.DefaultMaxBytes),
        Port: null,
        TlsDirectory: null));

    [Fact]
    public void Reads_every_option() => Read(
            ("event-store-dir", "/events"), ("event-store-audit-retention", "48h"), ("event-store-diagnostic-retention", "24h"),
            ("event-store-max-size", "1Gi"), ("event-port", "0"), ("event-tls-dir", "/tls"))
        .ShouldBe(new EventSettings(new EventStoreSettings("/events", TimeSpan.FromDays(2), TimeSpan.FromDays(1), 1L << 30), 0, "/tls"));

    [Theory]
    [InlineData("event-store-max-size", "256")]
    [InlineData("event-store-max-size", "256MB")]
    [InlineData("event-store-max-size", "Mi")]
    [InlineData("event-store-max-size", "7Mi")]
    [InlineData("event-store-max-size", "65Gi")]
    [InlineData("event-store-audit-retention", "23h")]
    [InlineData("event-port", "65536")]
    [InlineData("event-port", "https")]
    public void Names_the_option_that_cannot_be_used(string name, string value) =>
        Should.Throw<OptionsException>(() => Read(("event-store-dir", "/events"), (name, value))).Message.ShouldStartWith($"--{name}: \"{value}\"");

    [Fact]
    public void A_port_needs_a_folder() =>
        Should.Throw<OptionsException>(() => Read(("event-port", "8443"))).Message.ShouldContain("--event-store-dir");

    [Theory]
    [InlineData("metrics-port")]
    [InlineData("probe-port")]
    public void A_port_must_be_its_own(string other) => Should
        .Throw<OptionsException>(() => Read(("event-store-dir", "/events"), ("event-port", "9000"), (other, "9000")))
        .Message.ShouldBe($"--{other} and --event-port are both 9000; give each a port of its own (0 picks a free one)");

    private static EventSettings? Read(params (string Name, string Value)[] given) => OperatorOptions.Read(
        given.ToDictionary(option => option.Name, option => option.Value, StringComparer.Ordinal),
        new Dictionary<string, string>(StringComparer.Ordinal)).Events;
}
