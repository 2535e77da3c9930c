namespace Wayleave.Kubernetes.Protobuf;

/// <summary>
/// Reads one type of message into an object: a table of what each field sets. Fields that are not in the table are skipped. Thread-safe
/// after its initialization.
/// </summary>
public sealed class MessageParser<T>(Func<T> create)
{
    private FieldSetter<T>?[] _fields = [];

    /// <summary>What the field of a number sets. It is called again for each element of a list, and for each entry of a map.</summary>
    internal FieldSetter<T> this[int number]
    {
        set
        {
            Array.Resize(ref _fields, Math.Max(_fields.Length, number + 1));
            _fields[number] = value;
        }
    }

    /// <exception cref="InvalidDataException">The message is malformed or truncated.</exception>
    public T Parse(ProtobufReader reader)
    {
        var (message, fields) = (create(), _fields);
        while (reader.Read(out var number))
        {
            if ((uint)number < (uint)fields.Length)
            {
                fields[number]?.Invoke(message, in reader);
            }
        }

        return message;
    }
}

/// <summary>Sets what one field of a message carries.</summary>
public delegate void FieldSetter<in T>(T message, in ProtobufReader field);
