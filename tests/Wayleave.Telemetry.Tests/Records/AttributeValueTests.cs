using System.Reflection;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Records;

namespace Wayleave.Telemetry.Tests.Records;

public sealed class AttributeValueTests
{
    [Fact]
    public void Cannot_be_created_from_a_string_or_an_object()
    {
        typeof(AttributeValue).GetConstructors().ShouldBeEmpty();
        typeof(AttributeValue).GetProperty(nameof(AttributeValue.Raw))!.CanWrite.ShouldBeFalse();
        typeof(AttributeValue).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .SelectMany(method => method.GetParameters())
            .ShouldAllBe(parameter => parameter.ParameterType != typeof(string) && parameter.ParameterType != typeof(object));
    }

    [Fact]
    public void Converts_each_source_to_an_OTLP_type()
    {
        AttributeValue.From(3).Raw.ShouldBe(3L);
        AttributeValue.From(true).Raw.ShouldBe(true);
        AttributeValue.From(Guid.Empty).Raw.ShouldBe("00000000-0000-0000-0000-000000000000");
        AttributeValue.From(ComponentType.Operator).Raw.ShouldBe("OPERATOR");
        AttributeValue.From(SemanticVersion.Parse("1.2.3")).Raw.ShouldBe("1.2.3");
        AttributeValue.From(ExceptionTypeName.FromType(typeof(IOException))).Raw.ShouldBe("IOException");
        AttributeValue.FromName(UsageCatalog.Active).Raw.ShouldBe("wayleave.operator.active");
        AttributeValue.FromType(UsageCatalog.Active).Raw.ShouldBe("ACTIVE");
    }

    [Fact]
    public void Restores_every_kind_of_value_and_rejects_other_text()
    {
        foreach (var (attribute, raw) in Samples())
        {
            AttributeValue.RestoreOrNull(attribute, raw).ShouldNotBeNull(attribute.Key).Raw.ShouldBe(raw);
            AttributeValue.RestoreOrNull(attribute, "checkout in team-a at 10.0.0.7").ShouldBeNull(attribute.Key);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("output,all-namespaces")]
    [InlineData("output,output")]
    [InlineData("output,")]
    [InlineData("output,checkout")]
    public void Rejects_modifiers_that_are_unknown_or_out_of_order(string text) =>
        AttributeValue.RestoreOrNull(UsageAttributeCatalog.Modifiers, text).ShouldBeNull();

    private static IEnumerable<(UsageAttribute Attribute, object Raw)> Samples()
    {
        yield return (UsageAttributeCatalog.Count, 5L);
        yield return (UsageAttributeCatalog.ChangesFromHelm, false);
        yield return (UsageAttributeCatalog.Nodes, "10-99");
        yield return (UsageAttributeCatalog.InstanceId, "6d1b1a34-9a53-4dd5-8b22-5b6c8a4c0f77");
        yield return (UsageAttributeCatalog.ContextId, new string('a', 64));
        yield return (UsageAttributeCatalog.ExceptionType, "IOException");
        yield return (UsageAttributeCatalog.Noun, "intents");
        yield return (UsageAttributeCatalog.Modifiers, "all-namespaces,output");
        yield return (UsageAttributeCatalog.EventName, "wayleave.operator.active");
        yield return (UsageAttributeCatalog.EventType, "ACTIVE");
    }
}
