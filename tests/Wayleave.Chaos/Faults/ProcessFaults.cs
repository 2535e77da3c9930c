namespace Wayleave.Chaos.Faults;

/// <summary>Faults of an operator's process.</summary>
internal sealed class ProcessFaults(World world, Random random)
{
    private static readonly TimeSpan LongerThanTheLease = TimeSpan.FromSeconds(4);

    public IReadOnlyList<Func<Fault>> Makers =>
    [
        () => Of("SIGKILL", Kill), () => Of("SIGKILL of all", KillAllAsync), () => Of("SIGTERM", End), () => Of("SIGSTOP for longer than the lease", FreezeAsync),
        () => Of("disk full for the log", FillDiskAsync),
    ];

    private static Fault Of(string name, Func<Task> strike) => new(name, ComesAlone: false, strike);

    private async Task Kill()
    {
        var one = Any();
        await one.KillAsync();
        one.Start();
    }

    private async Task KillAllAsync()
    {
        foreach (var replica in world.Replicas.All)
        {
            await replica.KillAsync();
        }

        await Task.Delay(random.Next(500));
        await world.Replicas.CalmAsync();
    }

    private async Task End()
    {
        var one = Any();
        await one.StopAsync();
        one.Start();
    }

    private async Task FreezeAsync()
    {
        if (Any().Process is { } process)
        {
            await process.SignalAsync("STOP");
            await Task.Delay(LongerThanTheLease);
            await process.SignalAsync("CONT");
        }
    }

    // The operators continue to run, but their logs are lost.
    private async Task FillDiskAsync()
    {
        foreach (var replica in world.Replicas.All)
        {
            await replica.KillAsync();
            replica.Start(isDiskFull: true);
        }

        await Task.Delay(random.Next(1000, 2000));
    }

    private Replica Any() => world.Replicas.All[random.Next(world.Replicas.All.Count)];
}
