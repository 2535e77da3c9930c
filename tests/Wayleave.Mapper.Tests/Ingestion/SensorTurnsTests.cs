using Wayleave.Mapper.Ingestion;
using Wayleave.Testing.Time;

namespace Wayleave.Mapper.Tests.Ingestion;

public sealed class SensorTurnsTests
{
    private static readonly Guid _pod = IngestionStage.SensorPod;

    private readonly ManualTimeProvider _time = new();
    private readonly SensorTurns _turns;

    public SensorTurnsTests() => _turns = new SensorTurns(_time);

    [Fact]
    public void A_sensor_has_one_request_at_a_time()
    {
        using (var turn = _turns.TryEnter(_pod, out _))
        {
            turn.ShouldNotBeNull();
            _turns.TryEnter(_pod, out var wait).ShouldBeNull();
            wait.ShouldBe(TimeSpan.FromMilliseconds(500));
            _turns.TryEnter(Guid.NewGuid(), out _).ShouldNotBeNull();
        }

        _turns.TryEnter(_pod, out _).ShouldNotBeNull();
    }

    [Fact]
    public void A_sensor_has_two_turns_a_second()
    {
        _turns.TryEnter(_pod, out _)!.Dispose();
        _turns.TryEnter(_pod, out _)!.Dispose();
        _turns.TryEnter(_pod, out var wait).ShouldBeNull();
        wait.ShouldBe(TimeSpan.FromMilliseconds(500));

        _time.Advance(TimeSpan.FromMilliseconds(200));
        _turns.TryEnter(_pod, out wait).ShouldBeNull();
        wait.ShouldBe(TimeSpan.FromMilliseconds(300), tolerance: TimeSpan.FromMilliseconds(1));
        _time.Advance(TimeSpan.FromMilliseconds(300));
        _turns.TryEnter(_pod, out _).ShouldNotBeNull();
    }
}
