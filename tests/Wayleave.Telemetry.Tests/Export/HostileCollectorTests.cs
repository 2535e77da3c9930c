using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Tests.Support;
using Wayleave.Testing.Otlp;

namespace Wayleave.Telemetry.Tests.Export;

/// <summary>Counts when the collector answers with errors, or with responses that are invalid or incomplete.</summary>
public sealed class HostileCollectorTests : CollectorTest
{
    public static TheoryData<string> Answers =>
        ["endless", "huge-headers", "mid-body", "close", "redirect", "login-page", "503", "429", "401", "500"];

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Delivers_the_counts_once_after_any_bad_response(string answer)
    {
        Collector.AnswerNext(Answer(answer));
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        await Installation.FlushAsync();

        Installation.Statistics.Failure.ShouldNotBeNull().Reason.ShouldBeOneOf(
            "answer", "redirect", "not-otlp", "HTTP 503", "HTTP 429", "HTTP 401", "HTTP 500");
        Installation.Store.Read()!.InFlight.ShouldNotBeNull();
        Installation.Time.Advance(TimeSpan.FromHours(1));
        await Installation.FlushAsync();

        Collector.Records.Sum(record => record.Count).ShouldBe(3);
        Collector.Requests.SelectMany(request => request.Records).Select(record => record.EventId).Distinct().ShouldHaveSingleItem();
        Installation.Statistics.Failure.ShouldBeNull();
    }

    [Fact]
    public async Task A_response_that_never_completes_ends_at_the_timeout()
    {
        Collector.AnswerNext(OtlpAnswer.Drip);
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        var flush = Installation.FlushAsync();
        await Collector.WaitForAsync(collector => collector.Requests.Count == 1, Sample.Deadline, "the request");
        Installation.Time.Advance(Settings.ExportTimeout);
        await flush.WaitAsync(Sample.Deadline);

        Installation.Statistics.Failure!.Reason.ShouldBe("timeout");
        Installation.Store.Read()!.InFlight!.Records.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(413)]
    public async Task Resends_a_refused_batch_after_an_hour_and_reports_the_reason(int status)
    {
        Collector.AnswerNext(OtlpAnswer.Status(status));
        Installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        await Installation.FlushAsync();
        Installation.Time.Advance(TimeSpan.FromMinutes(59));
        await Installation.FlushAsync();

        Collector.Requests.ShouldHaveSingleItem();
        var failure = Installation.Statistics.Failure.ShouldNotBeNull();
        (failure.Reason, failure.NextAttemptAt - failure.Since).ShouldBe(($"HTTP {status}", TimeSpan.FromHours(1)));
        Installation.Log.All.ShouldContain(line => line.Event == "LogRefused");
        Installation.Time.Advance(TimeSpan.FromMinutes(1));
        await Installation.FlushAsync();
        Collector.Records.ShouldHaveSingleItem().Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_new_API_key_ends_the_wait_after_a_refused_batch()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "old");
        await using var installation = Restart(Settings with { ApiKeyFile = file });
        Collector.AnswerNext(OtlpAnswer.Status(401));
        installation.Counter.Add(UsageCatalog.IntentsApplied, 3);
        await installation.FlushAsync();
        await installation.FlushAsync();
        Collector.Requests.ShouldHaveSingleItem();

        await File.WriteAllTextAsync(file, "new");
        await installation.FlushAsync();

        Collector.Requests[^1].Headers["x-api-key"].ShouldBe("new");
        Collector.Records.ShouldHaveSingleItem().Count.ShouldBe(3);
        File.Delete(file);
    }

    private static OtlpAnswer Answer(string name) => name switch
    {
        "endless" => OtlpAnswer.Endless,
        "huge-headers" => OtlpAnswer.HugeHeaders,
        "mid-body" => OtlpAnswer.CloseMidBody,
        "close" => OtlpAnswer.Close,
        "login-page" => OtlpAnswer.Answer(200, "text/html", "<html><body>Please log in</body></html>"u8.ToArray()),
        "redirect" => OtlpAnswer.Redirect(new Uri("http://192.0.2.1/")),
        _ => OtlpAnswer.Status(int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)),
    };
}
