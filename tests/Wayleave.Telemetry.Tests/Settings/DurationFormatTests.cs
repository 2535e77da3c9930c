using FsCheck;
using FsCheck.Fluent;
using Wayleave.Settings;

namespace Wayleave.Telemetry.Tests.Settings;

public sealed class DurationFormatTests
{
    [Theory]
    [InlineData("24h", 86_400_000)]
    [InlineData("60s", 60_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1h1m1s1ms", 3_661_001)]
    [InlineData("1.5s", 1500)]
    [InlineData("250ms", 250)]
    [InlineData("2000us", 2)]
    [InlineData("2000\u00B5s", 2)]
    [InlineData("2000\u03BCs", 2)]
    [InlineData("1000000ns", 1)]
    [InlineData("00:01:30", 90_000)]
    [InlineData("1.00:00:00", 86_400_000)]
    public void Parses_Go_and_dotnet_durations(string text, long milliseconds) =>
        DurationFormat.ParseOrNull(text).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData("")]
    [InlineData("60")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5 s")]
    [InlineData("5d")]
    [InlineData("5S")]
    [InlineData("1h30")]
    [InlineData("999999999h999999999h")]
    [InlineData("-00:00:05")]
    [InlineData("25:61:00")]
    [InlineData("often")]
    public void Does_not_parse_text_that_is_not_a_duration(string text) => DurationFormat.ParseOrNull(text).ShouldBeNull();

    [Fact]
    public void Parses_a_written_duration_as_the_same_value() =>
        Prop.ForAll(
            Gen.Choose(0, int.MaxValue).Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds)).ToArbitrary(),
            duration => DurationFormat.ParseOrNull(DurationFormat.Format(duration)) == duration).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(90_000, "1m30s")]
    [InlineData(86_400_000, "24h")]
    public void Writes_a_duration_in_short_form(long milliseconds, string text) =>
        DurationFormat.Format(TimeSpan.FromMilliseconds(milliseconds)).ShouldBe(text);
}
