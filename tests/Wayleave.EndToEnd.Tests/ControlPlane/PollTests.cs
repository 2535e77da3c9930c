using Wayleave.Testing.ControlPlane;

namespace Wayleave.EndToEnd.Tests;

public sealed class PollTests
{
    [Fact]
    public async Task The_first_value_that_is_there_is_returned()
    {
        var calls = 0;

        var value = await Poll.UntilAsync(
            "a value", _ => Task.FromResult(++calls < 3 ? null : "here"), TimeSpan.FromSeconds(10), default);

        (value, calls).ShouldBe(("here", 3));
    }

    [Fact]
    public async Task A_vain_wait_says_for_what_and_what_it_saw_last()
    {
        var failure = await Should.ThrowAsync<TimeoutException>(() => Poll.UntilAsync(
            "three replicas", _ => Task.FromResult(2), replicas => replicas == 3, TimeSpan.FromMilliseconds(50), default));

        failure.Message.ShouldBe("Waited in vain for three replicas (0.05 s); last seen: 2");
    }

    [Fact]
    public async Task A_probe_may_fail_until_it_succeeds()
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
    public async Task A_probe_that_hangs_is_given_up_at_the_deadline()
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
