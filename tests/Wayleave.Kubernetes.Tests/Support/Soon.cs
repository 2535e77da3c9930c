using Wayleave.Testing.ControlPlane;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>Waits for other threads. The deadline allows for a slow machine; a test that passes does not reach it.</summary>
internal static class Soon
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static async Task UntilAsync(string what, Func<bool> holds)
    {
        // Do not pause for a condition that is about to hold.
        for (var tries = 0; tries < 100 && !holds(); tries++)
        {
            await Task.Yield();
        }

        if (!holds())
        {
            await Poll.UntilAsync(what, _ => Task.FromResult(holds()), Deadline, CancellationToken.None);
        }
    }

    /// <summary>Waits for a task that must end by itself.</summary>
    public static Task WithinAsync(Task task) => task.WaitAsync(Deadline);

    /// <inheritdoc cref="WithinAsync(Task)"/>
    public static Task<T> WithinAsync<T>(Task<T> task) => task.WaitAsync(Deadline);
}
