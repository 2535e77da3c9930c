namespace Wayleave.Telemetry.Sessions;

/// <summary>One at a time; the others wait for their turn.</summary>
internal sealed class AsyncLock : IAsyncDisposable
{
    private readonly SemaphoreSlim _semaphore = new(1, 1);

    public async Task<T> TakeAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _semaphore.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _semaphore.Release();
        }
    }

    /// <summary>Waits for the turn that is taken. There must be no later one.</summary>
    public async ValueTask DisposeAsync()
    {
        await _semaphore.WaitAsync();
        _semaphore.Dispose();
    }
}
