using System.Text.Json;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Tests.Serialization;

public sealed class IntOrStringConverterTests
{
    [Theory]
    [InlineData("""{"port":80}""", 80, null, "80")]
    [InlineData("""{"port":"http"}""", 0, "http", "http")]
    [InlineData("""{"port":"80"}""", 0, "80", "80")]
    public void It_is_read_and_written_as_what_it_is(string json, int number, string? text, string shown)
    {
        var port = JsonSerializer.Deserialize(json, KubernetesJson.Default.V1NetworkPolicyPort)!;

        (port.Port!.Value.Number, port.Port.Value.Text, port.Port.ToString()).ShouldBe((number, text, shown));
        JsonSerializer.Serialize(port, KubernetesJson.Default.V1NetworkPolicyPort).ShouldBe(json);
    }

    [Fact]
    public void None_is_not_written()
    {
        JsonSerializer.Serialize(new V1NetworkPolicyPort { Protocol = "TCP" }, KubernetesJson.Default.V1NetworkPolicyPort).ShouldBe("""{"protocol":"TCP"}""");
        JsonSerializer.Deserialize("""{"port":null}""", KubernetesJson.Default.V1NetworkPolicyPort)!.Port.ShouldBeNull();
    }

    [Theory]
    [InlineData("true")]
    [InlineData("[80]")]
    [InlineData("{}")]
    public void What_is_neither_is_a_json_exception(string value)
    {
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize($$"""{"port":{{value}}}""", KubernetesJson.Default.V1NetworkPolicyPort));
    }

    [Theory]
    [InlineData("80.5")]
    [InlineData("99999999999")]
    public void A_number_that_is_no_port_is_read_as_its_text_so_that_the_rest_of_a_list_can_be_read(string value)
    {
        JsonSerializer.Deserialize($$"""{"port":{{value}}}""", KubernetesJson.Default.V1NetworkPolicyPort)!.Port.ShouldBe(new IntOrString(value));
    }

    [Fact]
    public void A_number_and_its_text_are_not_the_same()
    {
        IntOrString number = 80;
        IntOrString text = "80";

        (number == text).ShouldBeFalse();
        (number == new IntOrString(80)).ShouldBeTrue();
    }
}
