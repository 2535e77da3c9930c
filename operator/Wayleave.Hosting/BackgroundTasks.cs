namespace Wayleave.Hosting;

/// <summary>Runs what a program does beside its controllers, such as its informers.</summary>
public static class BackgroundTasks
{
    /// <summary>
    /// Runs all until canceled. If one of them fails, <paramref name="stop"/> is canceled: a cache that is no longer updated must not be
    /// used for decisions, so everything stops in order and the program ends with that failure.
    /// </summary>
    /// <param name="failed">Called with a failure. Null if there is nothing to do.</param>
    public static Task RunAsync(
        IEnumerable<Func<CancellationToken, Task>> runs, CancellationTokenSource stop, Action<Exception>? failed,
        CancellationToken cancellationToken) =>
        Task.WhenAll(runs.Select(run => Task.Run(() => GuardAsync(run, stop, failed, cancellationToken), CancellationToken.None)));

    private static async Task GuardAsync(
        Func<CancellationToken, Task> run, CancellationTokenSource stop, Action<Exception>? failed, CancellationToken cancellationToken)
    {
        try
        {
            await run(cancellationToken);
        }
        catch (Exception error)
        {
            failed?.Invoke(error);
            await stop.CancelAsync();
            throw;
        }
    }
}
