using System.Text.Json;
using k8s;
using Wayleave.Api;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Mapper.Storage;

/// <summary>Reads the stored map.</summary>
internal sealed partial class ObservedIntentsReader(IKubernetesClient client, TimeProvider time, ILogger<ObservedIntentsReader> logger)
{
    private const int PageSize = 500;
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    /// <summary>All objects, as they are now and not as a cache has them: the process that led before may just have written them.</summary>
    public async Task<IReadOnlyList<ObservedIntents>> ReadAllAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await ListAsync(cancellationToken);
            }
            catch (Exception error) when (
                error is KubernetesException or HttpRequestException or TimeoutException or IOException or JsonException
                    or InvalidDataException)
            {
                LogFailed(error.Message);
            }

            await Task.Delay(_pause, time, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<ObservedIntents>> ListAsync(CancellationToken cancellationToken)
    {
        List<ObservedIntents> all = [];
        var query = new ListOptions { Limit = PageSize };
        do
        {
            var page = await client.ListAsync<ObservedIntents>(query, all.Add, cancellationToken);
            query = query with { ContinueToken = page.ContinueProperty };
        }
        while (!string.IsNullOrEmpty(query.ContinueToken));
        return all;
    }

    [LoggerMessage(LogLevel.Warning, "Cannot read the stored map; will retry: {Error}")]
    private partial void LogFailed(string error);
}
