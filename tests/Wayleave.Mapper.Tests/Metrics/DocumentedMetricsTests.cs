using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Wayleave.Mapper.Configuration;
using Wayleave.Mapper.Ingestion;
using Wayleave.Mapper.Metrics;
using Wayleave.Mapper.Observing;
using Wayleave.Testing;
using Wayleave.Testing.Time;

namespace Wayleave.Mapper.Tests.Metrics;

public sealed partial class DocumentedMetricsTests
{
    [Fact]
    public async Task The_page_lists_the_metrics_of_the_mapper_with_their_types()
    {
        var page = await File.ReadAllTextAsync(Checkout.PathOf("docs", "network-mapper.md"));

        Documented().Matches(page).Select(match => $"{match.Groups["metric"].Value} {match.Groups["type"].Value}")
            .ShouldBe(Published(), ignoreOrder: true);
    }

    private static List<string> Published()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener();
        var published = new List<string>();
        listener.InstrumentPublished = (instrument, _) =>
        {
            // Other tests create meters of the same name at the same time.
            if (instrument.Meter.Scope == meters && !instrument.Name.StartsWith("process_", StringComparison.Ordinal))
            {
                published.Add($"{instrument.Name} {TypeOf(instrument)}");
            }
        };
        listener.Start();
        _ = new IngestionMetrics(meters);
        _ = new MapMetrics(meters, new MapState(
            MapperOptions.Read(
                new Dictionary<string, string>(StringComparer.Ordinal),
                new Dictionary<string, string>(StringComparer.Ordinal)),
            new ManualTimeProvider()));
        return published;
    }

    private static string TypeOf(Instrument instrument) => instrument switch
    {
        Counter<long> or ObservableCounter<long> => "counter",
        Histogram<double> => "histogram",
        _ => "gauge",
    };

    [GeneratedRegex("^\\| `(?<metric>wayleave_[a-z_]+)` \\| (?<type>counter|gauge|histogram) \\|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Documented();
}
