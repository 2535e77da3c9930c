using Google.Protobuf;
using Wayleave.Telemetry.Export;
using Wayleave.Testing.Otlp.Proto;

namespace Wayleave.Telemetry.Tests.Export;

public sealed class PartialSuccessTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(long.MaxValue)]
    public void The_number_of_rejected_records_is_read(long rejected) =>
        PartialSuccess.ReadRejected(Response(rejected, "a text that is not looked at")).ShouldBe(rejected);

    [Fact]
    public void A_negative_number_is_none() => PartialSuccess.ReadRejected(Response(-1, "")).ShouldBe(0);

    [Fact]
    public void No_body_and_a_foreign_body_are_acknowledgements_all_the_same()
    {
        PartialSuccess.ReadRejected([]).ShouldBe(0);
        PartialSuccess.ReadRejected("{}"u8).ShouldBe(0);
        PartialSuccess.ReadRejected("<html>"u8).ShouldBe(0);
        PartialSuccess.ReadRejected([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]).ShouldBe(0);
        PartialSuccess.ReadRejected(Response(5, "").AsSpan()[..^1]).ShouldBe(0);
    }

    private static byte[] Response(long rejected, string message) => new ExportLogsServiceResponse
    {
        PartialSuccess = new ExportLogsPartialSuccess { RejectedLogRecords = rejected, ErrorMessage = message },
    }.ToByteArray();
}
