namespace Wayleave.Telemetry.Sessions;

/// <summary>An asynchronous mutual-exclusion lock.</summary>
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

    /// <summary>Waits until the lock is free. It must not be used afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        await _semaphore.WaitAsync();
        _semaphore.Dispose();
    }
}
