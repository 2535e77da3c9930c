using System.Reflection;
using System.Text.RegularExpressions;

namespace Wayleave.Api.Tests;

public partial class ConstantsTests
{
    [Theory]
    [InlineData(typeof(Reasons))]
    [InlineData(typeof(TargetStates))]
    [InlineData(typeof(ConditionTypes))]
    public void A_word_of_a_status_is_its_own_name_and_fit_for_a_condition(Type constants)
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
