using System.Text.Json;
using k8s.Models;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Tests.Serialization;

public sealed class PortNumberOrNameTests
{
    [Theory]
    [InlineData("""{"port":0,"targetPort":80}""", 80, null, "80")]
    [InlineData("""{"port":0,"targetPort":"http"}""", 0, "http", "http")]
    [InlineData("""{"port":0,"targetPort":"80"}""", 0, "80", "80")]
    public void Reads_and_writes_numbers_as_numbers_and_text_as_text(string json, int number, string? text, string shown)
    {
        var port = JsonSerializer.Deserialize(json, PartialObjectJson.Default.PartialServicePort)!;

        (port.TargetPort!.Value.Number, port.TargetPort.Value.Text, port.TargetPort.ToString()).ShouldBe((number, text, shown));
        JsonSerializer.Serialize(port, PartialObjectJson.Default.PartialServicePort).ShouldBe(json);
    }

    [Fact]
    public void Does_not_write_an_absent_port()
    {
        JsonSerializer.Serialize(new PartialServicePort { Protocol = "TCP" }, PartialObjectJson.Default.PartialServicePort).ShouldBe("""{"port":0,"protocol":"TCP"}""");
        JsonSerializer.Deserialize("""{"port":0,"targetPort":null}""", PartialObjectJson.Default.PartialServicePort)!.TargetPort.ShouldBeNull();
    }

    [Theory]
    [InlineData("true")]
    [InlineData("[80]")]
    [InlineData("{}")]
    public void Throws_JsonException_for_a_value_that_is_neither_number_nor_text(string value)
    {
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize($$"""{"port":0,"targetPort":{{value}}}""", PartialObjectJson.Default.PartialServicePort));
    }

    [Theory]
    [InlineData("80.5")]
    [InlineData("99999999999")]
    public void Reads_a_number_that_is_not_a_port_as_text(string value)
    {
        JsonSerializer.Deserialize($$"""{"port":0,"targetPort":{{value}}}""", PartialObjectJson.Default.PartialServicePort)!.TargetPort.ShouldBe(new PortNumberOrName(value));
    }

    [Theory]
    [InlineData("8080", 8080, null)]
    [InlineData("http", 0, "http")]
    public void Converts_from_and_to_IntOrString(string value, int number, string? name)
    {
        PortNumberOrName port = (IntOrString)value;

        (port.Number, port.Text).ShouldBe((number, name));
        ((IntOrString)port).Value.ShouldBe(value);
    }

    [Fact]
    public void A_number_and_its_text_are_not_the_same()
    {
        PortNumberOrName number = 80;
        PortNumberOrName text = "80";

        (number == text).ShouldBeFalse();
        (number == new PortNumberOrName(80)).ShouldBeTrue();
    }
}
