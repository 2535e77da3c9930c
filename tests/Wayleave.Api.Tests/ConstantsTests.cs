using System.Reflection;
using System.Text.RegularExpressions;

namespace Wayleave.Api.Tests;

public partial class ConstantsTests
{
    [Theory]
    [InlineData(typeof(Reasons))]
    [InlineData(typeof(TargetStateNames))]
    [InlineData(typeof(ConditionTypes))]
    public void The_value_of_a_status_constant_is_its_name_in_PascalCase(Type constants)
    {
        foreach (var field in constants.GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            var value = field.GetRawConstantValue().ShouldBeOfType<string>();
            value.ShouldBe(field.Name);
            PascalCase().IsMatch(value).ShouldBeTrue(value);
        }
    }

    [GeneratedRegex("^[A-Z][A-Za-z]*$", RegexOptions.None, 1000)]
    private static partial Regex PascalCase();
}
