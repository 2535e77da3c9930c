using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Exactness;

/// <summary>The operators of the run: up to two that contest a lease, or one that leads alone.</summary>
internal sealed class Replicas(Scene scene, Uri collector, Random random)
{
    private readonly List<OperatorProcess> _running = [];

    /// <summary>Whether a lease decides who leads. Change it only while none runs.</summary>
    public bool Elect { get; set; }

    public int Kills { get; private set; }

    public int Started { get; private set; }

    public bool IsEmpty => _running.Count == 0;

    /// <summary>Starts operators until as many run as should.</summary>
    public async Task FillAsync(CancellationToken cancellationToken)
    {
        while (_running.Count < (Elect ? 2 : 1))
        {
            string[] election = Elect
                ? ["--leader-elect", "--leader-elect-lease-duration=3s", "--leader-elect-renew-deadline=2s", "--leader-elect-retry-period=300ms"]
                : [];
            var flags = new OperatorSettings
            {
                Arguments = ["--observed-intents", "--telemetry-flush-interval=1s", "--telemetry-endpoint", collector.OriginalString, .. election],
            };
            _running.Add(await scene.StartAsync(flags, cancellationToken: cancellationToken));
            Started++;
        }
    }

    /// <summary>Sends SIGKILL to a random operator.</summary>
    public async Task KillAsync()
    {
        if (Take() is { } victim)
        {
            await victim.KillAsync();
            Kills++;
        }
    }

    /// <summary>Sends SIGTERM to a random operator.</summary>
    public async Task EndAsync()
    {
        if (Take() is { } one)
        {
            await one.StopAsync();
        }
    }

    /// <summary>Sends SIGSTOP to a random operator, and SIGCONT when its lease has expired.</summary>
    public async Task FreezeAsync(CancellationToken cancellationToken)
    {
        if (!IsEmpty)
        {
            var one = _running[random.Next(_running.Count)];
            await one.SignalAsync("STOP", cancellationToken);
            await Task.Delay(4000, cancellationToken);
            await one.SignalAsync("CONT", cancellationToken);
        }
    }

    public async Task KillAllAsync()
    {
        while (!IsEmpty)
        {
            await KillAsync();
        }
    }

    /// <summary>Whether a running operator leads and has opened the ledger.</summary>
    public async Task<bool> LeadsAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        foreach (var one in _running)
        {
            var page = await client.GetStringAsync(new Uri(one.Metrics!, "telemetry"), cancellationToken);
            if (page.Contains("\"leading\": true", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The last lines of their logs, for failure messages.</summary>
    public string Logs() => string.Join('\n', _running.Select(one => string.Join('\n', one.Log.TakeLast(15))));

    private OperatorProcess? Take()
    {
        if (IsEmpty)
        {
            return null;
        }

        var one = _running[random.Next(_running.Count)];
        _running.Remove(one);
        return one;
    }
}
