using Wayleave.Kubernetes.Logging;
using Wayleave.Testing.Time;

namespace Wayleave.Kubernetes.Tests.Logging;

public sealed class MessageLimiterTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Allows_the_same_message_once_every_five_minutes()
    {
        var messages = new MessageLimiter(_time);

        messages.TryLog("refused").ShouldBeTrue();
        messages.TryLog("refused").ShouldBeFalse();
        messages.TryLog("forbidden").ShouldBeTrue();
        _time.Advance(TimeSpan.FromMinutes(5));
        messages.TryLog("refused").ShouldBeTrue();
    }

    [Fact]
    public void Does_not_remember_more_than_a_hundred_messages()
    {
        var messages = new MessageLimiter(_time);
        for (var number = 0; number < 100; number++)
        {
            messages.TryLog($"text {number}");
        }

        messages.TryLog("one more").ShouldBeTrue();
        messages.TryLog("text 99").ShouldBeTrue();
    }
}
