using Wayleave.Telemetry.Profile;

namespace Wayleave.Telemetry.Tests.Profile;

public sealed class SizeBucketingTests
{
    [Theory]
    [InlineData(-1, SizeBucket.Zero)]
    [InlineData(0, SizeBucket.Zero)]
    [InlineData(1, SizeBucket.Units)]
    [InlineData(9, SizeBucket.Units)]
    [InlineData(10, SizeBucket.Tens)]
    [InlineData(99, SizeBucket.Tens)]
    [InlineData(100, SizeBucket.Hundreds)]
    [InlineData(999, SizeBucket.Hundreds)]
    [InlineData(1000, SizeBucket.Thousands)]
    [InlineData(long.MaxValue, SizeBucket.Thousands)]
    public void A_count_falls_into_its_power_of_ten(long count, SizeBucket bucket) => SizeBucketing.FromCount(count).ShouldBe(bucket);
}
