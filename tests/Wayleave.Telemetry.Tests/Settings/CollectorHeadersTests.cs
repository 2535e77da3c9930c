using Wayleave.Telemetry.Settings;

namespace Wayleave.Telemetry.Tests.Settings;

/// <summary>Parsing of OTEL_EXPORTER_OTLP_HEADERS.</summary>
public sealed class CollectorHeadersTests
{
    [Theory]
    [InlineData("x-tenant=shop", "x-tenant: shop")]
    [InlineData("a=1,b=2", "a: 1|b: 2")]
    [InlineData(" a = 1 , b = 2 ", "a: 1|b: 2")]
    [InlineData("a=1,,b=2,", "a: 1|b: 2")]
    [InlineData("Authorization=Basic%20dXNlcjpwYXNz", "Authorization: Basic dXNlcjpwYXNz")]
    [InlineData("Authorization=Bearer abc", "Authorization: Bearer abc")]
    [InlineData("key=YWJj==", "key: YWJj==")]
    [InlineData("key=a%2Cb%3Dc%25", "key: a,b=c%")]
    [InlineData("key=a%2cb", "key: a,b")]
    [InlineData("key=a+b", "key: a+b")]
    [InlineData("key=", "key: ")]
    [InlineData("Cookie=a=1;b=2", "Cookie: a=1;b=2")]
    public void Parses_names_and_percent_encoded_values(string text, string headers) =>
        Read(text).ShouldBe(headers.Split('|'));

    [Fact]
    public void The_last_of_two_headers_with_the_same_name_wins() => Read("a=1,b=2,A=3").ShouldBe(["b: 2", "A: 3"]);

    [Theory]
    [InlineData("")]
    [InlineData(" , ,")]
    public void An_empty_list_has_no_headers(string text) => CollectorHeaders.Parse(text).IsEmpty.ShouldBeTrue();

    [Theory]
    [InlineData("s3cret", "entry 1 has no \"=\"")]
    [InlineData("a=1,s3cret", "entry 2 has no \"=\"")]
    [InlineData("=s3cret", "entry 1 has a name that is not an HTTP header name")]
    [InlineData("x tenant=s3cret", "entry 1 has a name that is not an HTTP header name")]
    [InlineData("x-tenant:=s3cret", "entry 1 has a name that is not an HTTP header name")]
    [InlineData("a=1,b=s3cret%", "entry 2 has a \"%\" that two hexadecimal digits do not follow")]
    [InlineData("a=s3cret%4", "entry 1 has a \"%\" that two hexadecimal digits do not follow")]
    [InlineData("a=%zzs3cret", "entry 1 has a \"%\" that two hexadecimal digits do not follow")]
    [InlineData("a=s3cret%0D%0Ax-evil: 1", "entry 1 has a value with characters that no HTTP header can carry")]
    [InlineData("a=s3cr\u00E9t", "entry 1 has a value with characters that no HTTP header can carry")]
    [InlineData("a=s3cr%C3%A9t", "entry 1 has a value with characters that no HTTP header can carry")]
    [InlineData("Content-Type=s3cret", "entry 1 sets a header that the request sets itself")]
    [InlineData("host=s3cret", "entry 1 sets a header that the request sets itself")]
    public void Reports_the_position_of_a_malformed_entry_without_repeating_it(string text, string message)
    {
        var error = Should.Throw<FormatException>(() => CollectorHeaders.Parse(text));

        error.Message.ShouldBe(message);
    }

    [Fact]
    public void Prints_header_names_without_values()
    {
        var headers = CollectorHeaders.Parse("Authorization=s3cret,x-tenant=s3cret");

        headers.ToString().ShouldBe("Authorization, x-tenant");
        (TelemetrySettings.Default with { Headers = headers }).ToString().ShouldNotContain("s3cret");
    }

    private static IEnumerable<string> Read(string text) =>
        CollectorHeaders.Parse(text).All.Select(header => $"{header.Key}: {header.Value}");
}
