using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Wayleave.Testing.Time;

namespace Wayleave.Sensor.Tests;

public sealed class JsonLoggingTests
{
    private readonly MemoryStream _output = new();
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Writes_a_line_with_the_message_and_its_values()
    {
        Log(LogLevel.Information, logger => logger.LogWarning(7, "The mapper does not take batches ({Reason})", "status 503"));

        var line = JsonDocument.Parse(Lines().ShouldHaveSingleItem()).RootElement;
        line.GetProperty("Timestamp").GetString().ShouldBe("2026-01-01T00:00:00.000Z");
        line.GetProperty("EventId").GetInt32().ShouldBe(7);
        line.GetProperty("LogLevel").GetString().ShouldBe("Warning");
        line.GetProperty("Category").GetString().ShouldBe("Wayleave.Sensor");
        line.GetProperty("Message").GetString().ShouldBe("The mapper does not take batches (status 503)");
        line.GetProperty("State").GetProperty("Reason").GetString().ShouldBe("status 503");
        line.TryGetProperty("Exception", out _).ShouldBeFalse();
    }

    [Fact]
    public void Keeps_hostile_values_in_one_line()
    {
        Log(LogLevel.Information, logger => logger.LogError(new InvalidOperationException("a\nb"), "{Name} failed", "x\n{\"LogLevel\":\"None\"}\u2028"));

        var line = JsonDocument.Parse(Lines().ShouldHaveSingleItem()).RootElement;
        line.GetProperty("State").GetProperty("Name").GetString().ShouldBe("x\n{\"LogLevel\":\"None\"}\u2028");
        line.GetProperty("Exception").GetString()!.ShouldContain("a\nb");
    }

    [Fact]
    public void Leaves_out_lower_levels()
    {
        Log(LogLevel.Warning, logger => logger.LogInformation("quiet"));
        Log(LogLevel.None, logger => logger.LogCritical("quiet"));

        _output.Length.ShouldBe(0);
    }

    [Fact]
    public void Never_mixes_the_lines_of_two_threads()
    {
        Log(LogLevel.Information, logger => Parallel.For(0, 200, number => logger.LogInformation("{Number} {Text}", number, new string('x', 500))));

        Lines().Select(line => JsonDocument.Parse(line).RootElement.GetProperty("State").GetProperty("Number").GetString())
            .ShouldBe(Enumerable.Range(0, 200).Select(number => $"{number}"), ignoreOrder: true);
    }

    private void Log(LogLevel level, Action<ILogger> log)
    {
        using var logging = new JsonLogging(_output, level, _time);
        log(logging.CreateLogger("Wayleave.Sensor"));
    }

    private string[] Lines() => Encoding.UTF8.GetString(_output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
