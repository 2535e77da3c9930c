using Wayleave.Testing.ControlPlane;

namespace Wayleave.EndToEnd.Tests;

public sealed class PollTests
{
    [Fact]
    public async Task Returns_the_first_value_that_is_not_null()
    {
        var calls = 0;

        var value = await Poll.UntilAsync(
            "a value", _ => Task.FromResult(++calls < 3 ? null : "here"), TimeSpan.FromSeconds(10), default);

        (value, calls).ShouldBe(("here", 3));
    }

    [Fact]
    public async Task A_timeout_says_what_was_awaited_and_the_last_value_seen()
    {
        var failure = await Should.ThrowAsync<TimeoutException>(() => Poll.UntilAsync(
            "three replicas", _ => Task.FromResult(2), replicas => replicas == 3, TimeSpan.FromMilliseconds(50), default));

        failure.Message.ShouldBe("Waited in vain for three replicas (0.05 s); last seen: 2");
    }

    [Fact]
    public async Task Retries_a_probe_that_throws_until_it_succeeds()
    {
        var calls = 0;

        await Poll.UntilAsync(
            "success",
            _ => ++calls < 3 ? throw new InvalidOperationException("down") : Task.FromResult(true),
            TimeSpan.FromSeconds(10),
            default);

        calls.ShouldBe(3);
    }

    [Fact]
    public async Task Cancels_a_hanging_probe_at_the_deadline()
    {
        var failure = await Should.ThrowAsync<TimeoutException>(() => Poll.UntilAsync(
            "an answer",
            async token =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return true;
            },
            TimeSpan.FromMilliseconds(50),
            default));

        failure.InnerException.ShouldBeAssignableTo<OperationCanceledException>();
    }
}
