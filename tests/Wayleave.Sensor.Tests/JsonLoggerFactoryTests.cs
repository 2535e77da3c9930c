using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Wayleave.Testing.Time;

namespace Wayleave.Sensor.Tests;

public sealed partial class JsonLoggerFactoryTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Writes_a_line_with_the_message_and_its_values()
    {
        var line = JsonDocument.Parse(Log(LogLevel.Information, logger => LogRefused(logger, "status 503")).ShouldHaveSingleItem()).RootElement;

        line.GetProperty("Timestamp").GetString().ShouldBe("2026-01-01T00:00:00.000Z");
        line.GetProperty("EventId").GetInt32().ShouldBe(7);
        line.GetProperty("LogLevel").GetString().ShouldBe("Warning");
        line.GetProperty("Category").GetString().ShouldBe("Wayleave.Sensor");
        line.GetProperty("Message").GetString().ShouldBe("Refused (status 503)");
        line.GetProperty("State").GetProperty("Reason").GetString().ShouldBe("status 503");
        line.TryGetProperty("Exception", out _).ShouldBeFalse();
    }

    [Fact]
    public void Keeps_hostile_values_in_one_line()
    {
        const string Hostile = "x\n{\"LogLevel\":\"None\"}\u2028";

        var line = JsonDocument.Parse(Log(LogLevel.Information, logger => LogFailed(logger, Hostile, new InvalidOperationException("a\nb"))).ShouldHaveSingleItem());

        line.RootElement.GetProperty("State").GetProperty("Name").GetString().ShouldBe(Hostile);
        line.RootElement.GetProperty("Exception").GetString()!.ShouldContain("a\nb");
    }

    [Fact]
    public void Leaves_out_lower_levels()
    {
        Log(LogLevel.Error, logger => LogRefused(logger, "quiet")).ShouldBeEmpty();
        Log(LogLevel.None, logger => LogFailed(logger, "quiet", exception: null)).ShouldBeEmpty();
    }

    [Fact]
    public void Never_mixes_the_lines_of_two_threads() =>
        Log(LogLevel.Information, logger => Parallel.For(0, 200, number => LogRefused(logger, $"{number}{new string('x', 500)}")))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("State").GetProperty("Reason").GetString()!.TrimEnd('x'))
            .ShouldBe(Enumerable.Range(0, 200).Select(number => number.ToString(CultureInfo.InvariantCulture)), ignoreOrder: true);

    private string[] Log(LogLevel level, Action<ILogger> log)
    {
        using var output = new MemoryStream();
        using var logging = new JsonLoggerFactory(output, level, _time);
        log(logging.CreateLogger("Wayleave.Sensor"));
        return Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [LoggerMessage(7, LogLevel.Warning, "Refused ({Reason})")]
    private static partial void LogRefused(ILogger logger, string reason);

    [LoggerMessage(8, LogLevel.Error, "{Name} failed")]
    private static partial void LogFailed(ILogger logger, string name, Exception? exception);
}
