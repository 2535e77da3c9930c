using System.IO.Pipelines;

namespace Wayleave.Kubernetes.Client;

/// <summary>
/// A watch received nothing and was not ended after its timeout. The connection is dead, for example because a proxy lost its own
/// connection.
/// </summary>
public sealed class WatchTimeoutException(string message, Exception? inner = null) : TimeoutException(message, inner);

/// <summary>
/// Ends the reads of a watch that the API server should have ended. Only the server enforces <c>timeoutSeconds</c>, and pings notice a dead
/// connection with HTTP/2 alone, and only up to the next proxy.
/// </summary>
/// <param name="timeout">The <c>timeoutSeconds</c> of the watch.</param>
internal sealed class WatchDeadline(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken) : IDisposable
{
    /// <summary>How long a watch may be silent after its time is over.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);

    private readonly long _started = time.GetTimestamp();
    private readonly CancellationTokenSource _late = new(timeout + Slack, time);
    private CancellationTokenSource? _either;

    /// <exception cref="WatchTimeoutException">The watch was silent past its timeout.</exception>
    public async ValueTask<ReadResult> ReadAsync(PipeReader pipe)
    {
        _either ??= CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _late.Token);
        try
        {
            var result = await pipe.ReadAsync(_either.Token);
            if (time.GetElapsedTime(_started) >= timeout)
            {
                // Past the timeout, but events still arrive.
                _late.CancelAfter(Slack);
            }

            return result;
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new WatchTimeoutException(
                $"the watch was silent, and the API server did not end it after {timeout.TotalSeconds:0} seconds", error);
        }
    }

    public void Dispose()
    {
        _either?.Dispose();
        _late.Dispose();
    }
}
