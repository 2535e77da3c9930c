using System.Text;
using Google.Protobuf;
using Wayleave.Telemetry.Export;
using Wayleave.Testing.Otlp.Proto;

namespace Wayleave.Telemetry.Tests.Export;

/// <summary>Distinguishes the body of an OTLP response from any other body.</summary>
public sealed class LogsResponseTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(long.MaxValue)]
    public void Reads_the_number_of_rejected_records(long rejected) =>
        Read(Response(rejected, "a text that is not looked at")).ShouldBe(rejected);

    [Fact]
    public void Reads_a_negative_number_of_rejected_records_as_zero() => Read(Response(-1, "")).ShouldBe(0);

    [Fact]
    public void An_empty_body_is_a_response_without_rejected_records() => Read([]).ShouldBe(0);

    [Fact]
    public void Skips_fields_of_a_later_version()
    {
        // Field 7 in every wire type, before and after a partial success, and inside one.
        byte[] later = [0x38, 0x96, 0x01, 0x3A, 0x02, 0xFF, 0xFE, 0x39, 1, 2, 3, 4, 5, 6, 7, 8, 0x3D, 1, 2, 3, 4];

        Read([.. later, .. Response(5, "text"), .. later]).ShouldBe(5);
        Read([0x0A, (byte)(2 + later.Length), 0x08, 0x05, .. later]).ShouldBe(5);
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html><body>Please log in</body></html>")]
    [InlineData("<html>")]
    [InlineData("\n<html><head><title>Sign in to the proxy of the example company</title></head></html>")]
    [InlineData("{}")]
    [InlineData("{\"partialSuccess\":{}}")]
    [InlineData("{\"error\":\"unauthorized\"}")]
    [InlineData("OK")]
    [InlineData("ok\n")]
    [InlineData("true")]
    [InlineData("success")]
    [InlineData("accepted")]
    public void Rejects_a_body_of_text_HTML_or_JSON(string text) => Read(Encoding.UTF8.GetBytes(text)).ShouldBeNull();

    [Fact]
    public void Rejects_a_body_that_cannot_be_decoded()
    {
        Read([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]).ShouldBeNull();
        Read([0x00]).ShouldBeNull();
        Read([0x0A]).ShouldBeNull();
        Read([0x08, 0x01]).ShouldBeNull(); // The partial success as a number.
        Read([0x0A, 0x02, 0x0A, 0x00]).ShouldBeNull(); // The number of records as a text.
        Read([0x0A, 0x03, 0x12, 0x01, 0xFF]).ShouldBeNull(); // A text that is not UTF-8.
        var response = Response(5, "text");
        for (var length = 1; length < response.Length; length++)
        {
            Read(response.AsSpan()[..length]).ShouldBeNull($"{length} bytes");
        }
    }

    private static long? Read(ReadOnlySpan<byte> body) => LogsResponse.TryRead(body, out var rejected) ? rejected : null;

    private static byte[] Response(long rejected, string message) => new ExportLogsServiceResponse
    {
        PartialSuccess = new ExportLogsPartialSuccess { RejectedLogRecords = rejected, ErrorMessage = message },
    }.ToByteArray();
}
