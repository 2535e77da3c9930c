using Google.Protobuf.Reflection;
using Wayleave.Ingest.V1;
using Wayleave.Testing;

namespace Wayleave.Ingest.Tests;

/// <summary>
/// Sensors and mappers of different versions talk to each other, so a number of the format never changes its meaning.
/// <c>WAYLEAVE_UPDATE_GOLDEN=1</c> adds new fields and values to the file; it does not change or remove what is there.
/// </summary>
public sealed class FieldNumberTests
{
    private static string File => Checkout.PathOf("tests", "Wayleave.Ingest.Tests", "Golden", "fields.txt");

    [Fact]
    public void No_number_of_the_format_changes_its_meaning()
    {
        var known = System.IO.File.ReadAllLines(File);
        var current = Describe(BatchReflection.Descriptor).ToList();
        if (Environment.GetEnvironmentVariable("WAYLEAVE_UPDATE_GOLDEN") == "1" && known.All(current.Contains))
        {
            System.IO.File.WriteAllLines(File, current);
            return;
        }

        current.ShouldBe(known);
    }

    private static IEnumerable<string> Describe(FileDescriptor file)
    {
        foreach (var field in file.MessageTypes.SelectMany(message => message.Fields.InFieldNumberOrder()))
        {
            yield return $"{field.ContainingType.FullName} {field.FieldNumber} {field.Name}: {(field.IsRepeated ? "repeated " : "")}{TypeOf(field)}";
        }

        foreach (var value in file.EnumTypes.SelectMany(type => type.Values))
        {
            yield return $"{value.EnumDescriptor.FullName} {value.Number} {value.Name}";
        }
    }

    private static string TypeOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => field.MessageType.FullName,
        FieldType.Enum => field.EnumType.FullName,
        var type => type.ToString().ToLowerInvariant(),
    };
}
