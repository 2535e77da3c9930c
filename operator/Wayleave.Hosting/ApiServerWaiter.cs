using System.Text.Json;
using k8s;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Informers;

namespace Wayleave.Hosting;

/// <summary>Waits until the API server can be used. The log and the readiness probe say what it waits for.</summary>
public sealed partial class ApiServerWaiter(HealthState health, TimeProvider time, ILogger<ApiServerWaiter> logger)
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _reminder = TimeSpan.FromMinutes(1);

    /// <summary>Returns the informers to run, given what is served.</summary>
    /// <param name="checkAsync">Asks the API server. The reason says why the program has to wait, and the fix; null if it need not.</param>
    public async Task<IReadOnlyList<IInformer>> WaitAsync(
        Uri host, Func<CancellationToken, Task<(IReadOnlyList<IInformer> Informers, string? Reason)>> checkAsync,
        CancellationToken cancellationToken)
    {
        var reminded = 0L;
        while (true)
        {
            var (informers, reason) = await TryCheckAsync(host, checkAsync, cancellationToken);
            if (reason is null)
            {
                health.SetInformers(informers);
                return informers;
            }

            health.SetWaiting(reason);
            if (reminded == 0 || time.GetElapsedTime(reminded) >= _reminder)
            {
                reminded = time.GetTimestamp();
                LogWaiting(reason);
            }

            await Task.Delay(_pause, time, cancellationToken);
        }
    }

    private static async Task<(IReadOnlyList<IInformer> Informers, string? Reason)> TryCheckAsync(
        Uri host, Func<CancellationToken, Task<(IReadOnlyList<IInformer> Informers, string? Reason)>> checkAsync,
        CancellationToken cancellationToken)
    {
        try
        {
            return await checkAsync(cancellationToken);
        }
        catch (Exception error) when (
            error is KubernetesException or HttpRequestException or TimeoutException or JsonException or InvalidDataException)
        {
            return ([], $"the API server at {host} is not available: {error.Message}");
        }
    }

    [LoggerMessage(LogLevel.Warning, "Waiting: {Reason}")]
    private partial void LogWaiting(string reason);
}
