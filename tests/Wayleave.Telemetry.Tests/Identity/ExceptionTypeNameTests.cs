using Wayleave.Telemetry.Identity;

namespace Wayleave.Telemetry.Tests.Identity;

public sealed class ExceptionTypeNameTests
{
    [Fact]
    public void It_is_the_name_of_the_type_or_of_the_nearest_that_is_on_the_list()
    {
        ExceptionTypeName.Of(typeof(HttpRequestException)).Value.ShouldBe("HttpRequestException");
        ExceptionTypeName.Of(typeof(CheckoutOfTeamA<string>)).Value.ShouldBe("IOException");
        ExceptionTypeName.Of(typeof(CrashOfTeamA)).Value.ShouldBe("Exception");
    }

    [Fact]
    public void A_type_that_is_no_exception_has_none() => ExceptionTypeName.Of(typeof(string)).ShouldBe(ExceptionTypeName.Other);

    [Theory]
    [InlineData("")]
    [InlineData("could not reach checkout")]
    [InlineData("CheckoutException")]
    [InlineData("ioexception")]
    [InlineData("Exception\n")]
    public void A_text_that_is_not_on_the_list_is_not_read(string text) => ExceptionTypeName.TryParse(text).ShouldBeNull();

    private sealed class CheckoutOfTeamA<T> : IOException
    {
        public T? Value { get; init; }
    }

    private sealed class CrashOfTeamA : Exception;
}
