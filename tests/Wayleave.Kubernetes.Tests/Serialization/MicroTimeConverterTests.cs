using System.Text.Json;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Tests.Serialization;

public sealed class MicroTimeConverterTests
{
    [Theory]
    [InlineData("2026-11-22T10:00:00.0000000Z", "2026-11-22T10:00:00.000000Z")]
    [InlineData("2026-11-22T10:00:00.1234567Z", "2026-11-22T10:00:00.123456Z")]
    [InlineData("2026-11-22T11:30:00.5000000+01:30", "2026-11-22T10:00:00.500000Z")]
    public void It_is_written_in_utc_with_exactly_six_digits(string time, string written)
    {
        var lease = new V1LeaseSpec { RenewTime = DateTimeOffset.Parse(time, null).UtcDateTime };

        JsonSerializer.Serialize(lease, KubernetesJson.Default.V1LeaseSpec).ShouldBe($$"""{"renewTime":"{{written}}"}""");
    }

    [Theory]
    [InlineData("2026-11-22T10:00:00.123456Z", 1_234_560)]
    [InlineData("2026-11-22T10:00:00Z", 0)]
    [InlineData("2026-11-22T12:00:00.5+02:00", 5_000_000)]
    public void It_is_read_with_any_number_of_digits(string text, int ticks)
    {
        var lease = JsonSerializer.Deserialize($$"""{"renewTime":"{{text}}"}""", KubernetesJson.Default.V1LeaseSpec)!;

        lease.RenewTime.ShouldBe(new DateTime(2026, 11, 22, 10, 0, 0, DateTimeKind.Utc).AddTicks(ticks));
        lease.RenewTime!.Value.Kind.ShouldBe(DateTimeKind.Utc);
    }

    [Fact]
    public void What_was_read_is_written_as_it_was()
    {
        const string text = """{"acquireTime":"2026-11-22T10:00:00.000001Z","renewTime":"2026-11-22T10:00:00.999999Z"}""";

        JsonSerializer.Serialize(JsonSerializer.Deserialize(text, KubernetesJson.Default.V1LeaseSpec)!, KubernetesJson.Default.V1LeaseSpec).ShouldBe(text);
    }

    [Fact]
    public void No_time_is_null_and_is_not_written()
    {
        JsonSerializer.Deserialize("""{"renewTime":null}""", KubernetesJson.Default.V1LeaseSpec)!.RenewTime.ShouldBeNull();
        JsonSerializer.Serialize(new V1LeaseSpec(), KubernetesJson.Default.V1LeaseSpec).ShouldBe("{}");
    }

    [Theory]
    [InlineData("\"yesterday\"")]
    [InlineData("5")]
    [InlineData("{}")]
    public void What_is_no_time_is_a_json_exception(string value)
    {
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize($$"""{"renewTime":{{value}}}""", KubernetesJson.Default.V1LeaseSpec));
    }
}
