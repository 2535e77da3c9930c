using System.IO.Pipelines;

namespace Wayleave.Kubernetes.Client;

/// <summary>
/// The API server neither ended a watch when its time was over nor sent anything: the connection leads nowhere, for example through a proxy
/// whose own connection broke.
/// </summary>
public sealed class SilentWatchException(string message, Exception? inner = null) : TimeoutException(message, inner);

/// <summary>
/// Ends the reads of a watch that the API server should have ended. Only the server enforces <c>timeoutSeconds</c>, and pings notice a dead
/// connection with HTTP/2 alone, and only up to the next proxy.
/// </summary>
/// <param name="timeout">The <c>timeoutSeconds</c> of the watch.</param>
/// <param name="time">Measures it, from now on.</param>
/// <param name="cancellationToken">Of the whole watch.</param>
internal sealed class WatchDeadline(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken) : IDisposable
{
    /// <summary>How long a watch may be silent after its time is over.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);

    private readonly long _started = time.GetTimestamp();
    private readonly CancellationTokenSource _late = new(timeout + Slack, time);
    private CancellationTokenSource? _either;

    /// <exception cref="SilentWatchException">Nothing came.</exception>
    public async ValueTask<ReadResult> ReadAsync(PipeReader pipe)
    {
        _either ??= CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _late.Token);
        try
        {
            var result = await pipe.ReadAsync(_either.Token);
            if (time.GetElapsedTime(_started) >= timeout)
            {
                // Late, but not silent.
                _late.CancelAfter(Slack);
            }

            return result;
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SilentWatchException(
                $"the watch was silent, and the API server did not end it after {timeout.TotalSeconds:0} seconds", error);
        }
    }

    public void Dispose()
    {
        _either?.Dispose();
        _late.Dispose();
    }
}
