using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Protobuf;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.Protobuf;

public sealed class ProtobufReaderTests
{
    [Fact]
    public void Reads_numbers_text_and_messages_and_skips_what_is_not_asked_for()
    {
        byte[] fixed32 = [(4 << 3) | 5, 1, 2, 3, 4];
        byte[] fixed64 = [(5 << 3) | 1, 1, 2, 3, 4, 5, 6, 7, 8];
        byte[] message =
        [
            .. ProtobufBytes.Message((1, "text"), (2, -7)), .. fixed32, .. fixed64,
            .. ProtobufBytes.Message((6, ProtobufBytes.Message((1, "inner"))), (700, true)),
        ];
        var reader = new ProtobufReader(message);
        var fields = new List<string>();

        while (reader.Read(out var field))
        {
            fields.Add(field switch
            {
                1 => reader.GetText(),
                2 => $"{reader.GetInt32()} {reader.GetInt64()}",
                6 => Inner(reader.GetMessage()),
                700 => $"{reader.GetBoolean()}",
                _ => $"skipped {field}",
            });
        }

        fields.ShouldBe(["text", "-7 -7", "skipped 4", "skipped 5", "inner", "True"]);
    }

    [Fact]
    public void Reads_a_value_of_another_wire_type_as_zero_or_empty()
    {
        var reader = new ProtobufReader(ProtobufBytes.Message((1, 5), (2, "text")));

        reader.Read(out _).ShouldBeTrue();
        (reader.GetString(), reader.GetMessage().Read(out _)).ShouldBe((null, false));
        reader.Read(out _).ShouldBeTrue();
        (reader.GetInt64(), reader.GetBoolean()).ShouldBe((0, false));
    }

    [Theory]
    [InlineData(new byte[] { 0x0A })] // a length that is missing
    [InlineData(new byte[] { 0x0A, 5, 1 })] // a length beyond the end
    [InlineData(new byte[] { 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })] // a length of 64 bits
    [InlineData(new byte[] { 0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01 })] // eleven bytes of a number
    [InlineData(new byte[] { 0x08, 0x80 })] // half of a number
    [InlineData(new byte[] { 0x09, 1, 2, 3 })] // half of eight bytes
    [InlineData(new byte[] { 0x0D, 1 })] // a quarter of four bytes
    [InlineData(new byte[] { 0x0B })] // a group
    [InlineData(new byte[] { 0x0F })] // a wire type that does not exist
    [InlineData(new byte[] { 0x02, 0 })] // field 0
    [InlineData(new byte[] { 0xFA, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0 })] // a field of 61 bits
    public void Throws_InvalidDataException_for_a_malformed_message(byte[] message) =>
        Should.Throw<InvalidDataException>(() => WorkloadMessages.Deployment.Parse(new ProtobufReader(message)));

    [Fact]
    public void Throws_InvalidDataException_for_a_time_outside_the_calendar() => Should.Throw<InvalidDataException>(() =>
        WorkloadMessages.Deployment.Parse(new ProtobufReader(ProtobufBytes.Message((1, ProtobufBytes.Message((8, ProtobufBytes.Message((1, long.MaxValue)))))))));

    [Fact]
    public void Never_fails_in_another_way_whatever_the_bytes()
    {
        var random = new Random(20261128);
        var valid = ProtobufBytes.Deployment("cart", "7", "padding");
        var malformed = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = valid[..random.Next(valid.Length + 1)];
            for (var change = random.Next(4); change > 0 && bytes.Length > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            malformed += Try(() => _ = WorkloadMessages.Deployment.Parse(new ProtobufReader(bytes)).Metadata.Name);
            malformed += Try(() => _ = NetworkingMessages.NetworkPolicy.Parse(new ProtobufReader(bytes)).Metadata.Name);
            malformed += Try(() => _ = ServiceMessages.EndpointSlice.Parse(new ProtobufReader(bytes)).Metadata.Name);
            malformed += Try(() => ProtobufEnvelope.ReadEvent(bytes, WorkloadMessages.Deployment, _ => true));
        }

        malformed.ShouldBeGreaterThan(10_000);
    }

    [Fact]
    public void Reads_what_the_caches_keep_of_a_Deployment()
    {
        var deployment = WorkloadMessages.Deployment.Parse(new ProtobufReader(ProtobufBytes.Deployment("cart", "7")));

        var metadata = deployment.Metadata;
        (metadata.Name, metadata.NamespaceProperty, metadata.Uid, metadata.ResourceVersion, metadata.Generation).ShouldBe(("cart", "shop", "uid-cart", "7", 3));
        metadata.CreationTimestamp.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000).UtcDateTime);
        metadata.DeletionTimestamp.ShouldBeNull();
        metadata.Labels.ShouldBe(new Dictionary<string, string> { ["app"] = "cart", ["empty"] = "" }, ignoreOrder: true);
        metadata.OwnerReferences!.Single().Controller.ShouldBe(true);
        (metadata.Annotations, metadata.ManagedFields).ShouldBe((null, null));
        deployment.Spec!.Selector!.MatchLabels!["app"].ShouldBe("cart");
        deployment.Spec.Selector.MatchExpressions!.Single().Values.ShouldBe(["a", "b"]);
        var template = deployment.Spec.Template!;
        (template.Metadata!.Annotations, template.Metadata.Labels!["app"], template.Spec!.HostNetwork).ShouldBe((null, "cart", null));
        template.Spec.Containers!.Select(container => container.Ports?.Count ?? 0).ShouldBe([1, 0]);
        template.Spec.InitContainers!.Single().Ports!.Select(port => $"{port.Name}:{port.ContainerPort}/{port.Protocol}").ShouldBe([":9000/UDP"]);
    }

    [Fact]
    public void Reads_annotations_and_field_managers_where_they_are_used()
    {
        var metadata = ServiceMessages.Service.Parse(new ProtobufReader(ProtobufBytes.Deployment("cart", "7", "for people"))).Metadata;

        metadata.Annotations.ShouldBe(new Dictionary<string, string> { ["note"] = "for people" });
        metadata.ManagedFields!.Select(entry => $"{entry.Manager} {entry.Operation} {entry.Subresource} {entry.FieldsV1}").ShouldBe(["kubectl Update status "]);
    }

    [Theory]
    [InlineData(0, "", "80")]
    [InlineData(1, "http", "http")]
    [InlineData(1, "80", "80 as text")]
    public void Reads_a_port_by_number_or_by_name(int type, string name, string expected)
    {
        var port = ProtobufBytes.Message((1, type), (2, 80), (3, name));
        var service = ServiceMessages.Service.Parse(new ProtobufReader(ProtobufBytes.Message((2, ProtobufBytes.Message((1, ProtobufBytes.Message((3, 80), (4, port))))))));

        var target = service.Spec!.Ports!.Single().TargetPort!.Value;

        target.ShouldBe(expected switch
        {
            "80" => new PortNumberOrName(80),
            "80 as text" => new PortNumberOrName("80"),
            _ => new PortNumberOrName(expected),
        });
    }

    [Fact]
    public void Replaces_text_that_is_not_UTF_8()
    {
        byte[] name = [0x0A, 2, (byte)'a', 0xFF];

        WorkloadMessages.Pod.Parse(new ProtobufReader([0x0A, (byte)name.Length, .. name])).Metadata.Name.ShouldBe("a\uFFFD");
    }

    private static string Inner(ProtobufReader reader) => reader.Read(out _) ? reader.GetText() : "";

    private static int Try(Action read)
    {
        try
        {
            read();
            return 0;
        }
        catch (InvalidDataException)
        {
            return 1;
        }
    }
}
