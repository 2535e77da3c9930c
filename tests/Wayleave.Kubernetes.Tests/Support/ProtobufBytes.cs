using System.Buffers.Binary;
using Google.Protobuf;
using Wayleave.Kubernetes.Protobuf;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>Encodes messages with another implementation of protobuf than the one under test.</summary>
internal static class ProtobufBytes
{
    /// <summary>A message. A value is a number, a boolean, a string, or the bytes of another message.</summary>
    public static byte[] Message(params (int Field, object Value)[] fields)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            foreach (var (field, value) in fields)
            {
                Write(output, field, value);
            }
        }

        return stream.ToArray();
    }

    /// <summary>A message as Kubernetes sends it.</summary>
    public static byte[] Envelope(byte[] message, string kind = "Deployment") =>
        [.. ProtobufEnvelope.Magic, .. Message((1, Message((1, "apps/v1"), (2, kind))), (2, message), (3, ""), (4, ""))];

    /// <summary>An event of a watch, with its length in front.</summary>
    public static byte[] Event(string type, byte[] entity, string kind = "Deployment")
    {
        var message = Message((1, type), (2, Message((1, Envelope(entity, kind)))));
        var length = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)message.Length);
        return [.. length, .. message];
    }

    /// <summary>A Deployment with two labels, a template with a port and fields that are not read.</summary>
    public static byte[] Deployment(string name, string version, string padding = "") => Message(
        (1, Message(
            (1, name), (2, ""), (3, "shop"), (5, $"uid-{name}"), (6, version), (7, 3), (8, Message((1, 1_700_000_000), (2, 0))),
            (11, Message((1, "app"), (2, name))), (11, Message((1, "empty"), (2, ""))),
            (12, Message((1, "note"), (2, padding))),
            (13, Message((1, "Owner"), (3, "o"), (4, "u"), (5, "v1"), (6, true))),
            (17, Message((1, "kubectl"), (2, "Update"), (4, Message((1, 1_700_000_001), (2, 0))), (7, Message((1, "{}"))), (8, "status"))))),
        (2, Message(
            (1, 2),
            (2, Message((1, Message((1, "app"), (2, name))), (2, Message((1, "tier"), (2, "In"), (3, "a"), (3, "b"))))),
            (3, Message(
                (1, Message((8, Message()), (11, Message((1, "app"), (2, name))))),
                (2, Message(
                    (2, Message((1, "main"), (2, "image"), (6, Message((1, "http"), (2, 0), (3, 8080), (4, "TCP"))))),
                    (2, Message((1, "sidecar"))),
                    (11, false),
                    (20, Message((6, Message((1, ""), (3, 9000), (4, "UDP"))))))))),
            (27, "a field of a later version"))),
        (3, Message((1, 3))));

    private static void Write(CodedOutputStream output, int field, object value)
    {
        switch (value)
        {
            case string text:
                output.WriteTag(field, WireFormat.WireType.LengthDelimited);
                output.WriteString(text);
                break;
            case byte[] message:
                output.WriteTag(field, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom(message));
                break;
            case bool flag:
                output.WriteTag(field, WireFormat.WireType.Varint);
                output.WriteBool(flag);
                break;
            default:
                output.WriteTag(field, WireFormat.WireType.Varint);
                output.WriteInt64(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
    }
}
