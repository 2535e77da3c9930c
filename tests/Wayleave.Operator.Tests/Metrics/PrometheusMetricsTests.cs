using System.Diagnostics.Metrics;
using Wayleave.Operator.Metrics;

namespace Wayleave.Operator.Tests.Metrics;

public sealed class PrometheusMetricsTests : IDisposable
{
    private readonly PrometheusMetrics _metrics = new();
    private readonly Meter _meter = new("Wayleave.Test");

    [Fact]
    public void A_counter_adds_up_for_each_set_of_labels()
    {
        var counter = _meter.CreateCounter<long>("test_things_total", description: "Things.");
        counter.Add(1, new("method", "GET"), new("code", "200"));
        counter.Add(2, new("method", "GET"), new("code", "200"));
        counter.Add(1, new("method", "PUT"), new("code", "500"));

        var lines = Lines();

        lines.ShouldContain("# HELP test_things_total Things.");
        lines.ShouldContain("# TYPE test_things_total counter");
        lines.ShouldContain("test_things_total{method=\"GET\",code=\"200\"} 3");
        lines.ShouldContain("test_things_total{method=\"PUT\",code=\"500\"} 1");
    }

    [Fact]
    public void Carries_every_tag_whatever_its_type()
    {
        _meter.CreateCounter<long>("test_many_total").Add(
            1, new(
                "text", "GET"), new("number", 7), new("long", 8L), new("fraction", 0.5), new("flag", true), new("kind", DayOfWeek.Monday));

        Lines().ShouldContain("test_many_total{text=\"GET\",number=\"7\",long=\"8\",fraction=\"0.5\",flag=\"true\",kind=\"Monday\"} 1");
    }

    [Fact]
    public void Counts_the_same_tags_in_another_order_as_one_series()
    {
        var counter = _meter.CreateCounter<long>("test_order_total");
        counter.Add(1, new("a", "1"), new("b", "2"), new("c", "3"));
        counter.Add(1, new("c", "3"), new("a", 1), new("b", "2"));
        counter.Add(1, new("a", "2"), new("b", "1"), new("c", "3"));

        Lines().Where(line => line.StartsWith("test_order_total", StringComparison.Ordinal))
            .ShouldBe(["test_order_total{a=\"1\",b=\"2\",c=\"3\"} 2", "test_order_total{a=\"2\",b=\"1\",c=\"3\"} 1"], ignoreOrder: true);
    }

    [Fact]
    public void Leaves_out_an_empty_tag_and_keeps_the_last_of_two_with_one_name()
    {
        var counter = _meter.CreateCounter<long>("test_odd_total");
        counter.Add(1, new("a", ""), new("b", null), new("c.d", "1"), new("c.d", "2"));
        counter.Add(1, new KeyValuePair<string, object?>("c.d", "2"));

        Lines().Where(line => line.StartsWith("test_odd_total", StringComparison.Ordinal)).ShouldBe(["test_odd_total{c_d=\"2\"} 2"]);
    }

    [Fact]
    public void Reads_instruments_of_every_number_type()
    {
        _meter.CreateCounter<int>("test_int_total").Add(1);
        _meter.CreateGauge<decimal>("test_decimal").Record(1.5m);
        _meter.CreateUpDownCounter<short>("test_short").Add(-3);
        _meter.CreateObservableUpDownCounter("test_float", () => 2.5f);

        var lines = Lines();

        string[] expected =
        [
            "test_int_total 1", "test_decimal 1.5", "test_short -3", "test_float 2.5",
            "# TYPE test_decimal gauge", "# TYPE test_float gauge",
        ];
        expected.ShouldBeSubsetOf(lines);
    }

    [Fact]
    public void A_label_is_escaped()
    {
        _meter.CreateCounter<long>("test_escaped_total").Add(1, new KeyValuePair<string, object?>("name", "a\"b\\c\nd"));

        Lines().ShouldContain("test_escaped_total{name=\"a\\\"b\\\\c\\nd\"} 1");
    }

    [Fact]
    public void A_gauge_goes_up_and_down()
    {
        var gauge = _meter.CreateUpDownCounter<long>("test_depth");
        gauge.Add(5);
        gauge.Add(-2);

        Lines().ShouldContain("# TYPE test_depth gauge");
        Lines().ShouldContain("test_depth 3");
    }

    [Fact]
    public void What_is_observed_is_the_value_of_now()
    {
        var value = 1L;
        _meter.CreateObservableGauge("test_now", () => value);
        Lines().ShouldContain("test_now 1");
        value = 7;

        Lines().ShouldContain("test_now 7");
    }

    [Fact]
    public void The_buckets_of_a_histogram_are_cumulative()
    {
        var histogram = _meter.CreateHistogram<double>("test_seconds");
        histogram.Record(0.004);
        histogram.Record(0.2);
        histogram.Record(100);

        var lines = Lines();

        lines.ShouldContain("# TYPE test_seconds histogram");
        lines.ShouldContain("test_seconds_bucket{le=\"0.0025\"} 0");
        lines.ShouldContain("test_seconds_bucket{le=\"0.005\"} 1");
        lines.ShouldContain("test_seconds_bucket{le=\"30\"} 2");
        lines.ShouldContain("test_seconds_bucket{le=\"+Inf\"} 3");
        lines.ShouldContain("test_seconds_count 3");
        lines.ShouldContain("test_seconds_sum 100.204");
    }

    [Fact]
    public void Other_peoples_meters_are_not_listened_to()
    {
        using var other = new Meter("Somebody.Else");
        other.CreateCounter<long>("test_foreign_total").Add(1);

        Lines().ShouldNotContain(line => line.Contains("test_foreign_total", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _meter.Dispose();
        _metrics.Dispose();
    }

    private string[] Lines() => _metrics.Write().Split('\n');
}
