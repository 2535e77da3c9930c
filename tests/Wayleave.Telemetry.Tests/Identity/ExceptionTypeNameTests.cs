using Wayleave.Telemetry.Identity;

namespace Wayleave.Telemetry.Tests.Identity;

public sealed class ExceptionTypeNameTests
{
    [Fact]
    public void It_is_the_name_without_namespace_or_type_arguments()
    {
        ExceptionTypeName.Of(typeof(HttpRequestException)).Value.ShouldBe("HttpRequestException");
        ExceptionTypeName.Of(typeof(GenericException<string>)).Value.ShouldBe("GenericException");
    }

    [Fact]
    public void A_type_that_is_no_exception_has_none() => ExceptionTypeName.Of(typeof(string)).ShouldBe(ExceptionTypeName.Other);

    [Theory]
    [InlineData("")]
    [InlineData("1Exception")]
    [InlineData("could not reach checkout")]
    [InlineData("a.b")]
    [InlineData("Exception\n")]
    public void A_text_that_is_no_identifier_is_not_read(string text) => ExceptionTypeName.TryParse(text).ShouldBeNull();

    private sealed class GenericException<T> : Exception
    {
        public T? Value { get; init; }
    }
}
