namespace Wayleave.Chaos;

/// <summary>The operators.</summary>
internal sealed class Replicas : IAsyncDisposable
{
    private readonly List<Replica> _all = [];

    public IReadOnlyList<Replica> All => _all;

    public int Started => _all.Sum(replica => replica.Started);

    public void Add(Replica replica) => _all.Add(replica);

    /// <summary>Ends all network faults and starts the operators that do not run.</summary>
    public async Task CalmAsync()
    {
        foreach (var replica in _all)
        {
            replica.Proxy.Set(_ => null);

            // Restart an operator without a log: a later failure needs its log.
            if (replica.Process is { } process && process.Log.Count == 0)
            {
                await replica.StopAsync();
            }

            replica.Start();
        }
    }

    public string Logs() => string.Join('\n', _all.Select(replica => $"{replica.Name}:\n{string.Join('\n', replica.Process?.Log.TakeLast(15) ?? [])}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _all)
        {
            await replica.DisposeAsync();
        }
    }
}
