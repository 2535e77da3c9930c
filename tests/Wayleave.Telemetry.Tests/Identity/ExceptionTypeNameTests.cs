using Wayleave.Telemetry.Identity;

namespace Wayleave.Telemetry.Tests.Identity;

public sealed class ExceptionTypeNameTests
{
    [Fact]
    public void Uses_the_type_name_or_that_of_the_nearest_listed_base_type()
    {
        ExceptionTypeName.FromType(typeof(HttpRequestException)).Value.ShouldBe("HttpRequestException");
        ExceptionTypeName.FromType(typeof(CheckoutOfTeamA<string>)).Value.ShouldBe("IOException");
        ExceptionTypeName.FromType(typeof(CrashOfTeamA)).Value.ShouldBe("Exception");
    }

    [Fact]
    public void Uses_Other_for_a_type_that_is_not_an_exception() => ExceptionTypeName.FromType(typeof(string)).ShouldBe(ExceptionTypeName.Other);

    [Theory]
    [InlineData("")]
    [InlineData("could not reach checkout")]
    [InlineData("CheckoutException")]
    [InlineData("ioexception")]
    [InlineData("Exception\n")]
    public void Does_not_parse_a_name_that_is_not_listed(string text) => ExceptionTypeName.ParseOrNull(text).ShouldBeNull();

    private sealed class CheckoutOfTeamA<T> : IOException
    {
        public T? Value { get; init; }
    }

    private sealed class CrashOfTeamA : Exception;
}
