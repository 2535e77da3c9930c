using Wayleave.Kubernetes.Logging;
using Wayleave.Testing.Time;

namespace Wayleave.Kubernetes.Tests.Logging;

public sealed class LogThrottleTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Allows_the_same_message_once_every_five_minutes()
    {
        var messages = new LogThrottle(_time);

        messages.ShouldLog("refused").ShouldBeTrue();
        messages.ShouldLog("refused").ShouldBeFalse();
        messages.ShouldLog("forbidden").ShouldBeTrue();
        _time.Advance(TimeSpan.FromMinutes(5));
        messages.ShouldLog("refused").ShouldBeTrue();
    }

    [Fact]
    public void Does_not_remember_more_than_a_hundred_messages()
    {
        var messages = new LogThrottle(_time);
        for (var number = 0; number < 100; number++)
        {
            messages.ShouldLog($"text {number}");
        }

        messages.ShouldLog("one more").ShouldBeTrue();
        messages.ShouldLog("text 99").ShouldBeTrue();
    }
}
