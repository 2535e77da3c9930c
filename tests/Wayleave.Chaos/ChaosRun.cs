using System.Diagnostics;
using Wayleave.Chaos.Checks;
using Wayleave.Chaos.Faults;

namespace Wayleave.Chaos;

/// <summary>
/// Runs storms on a real control plane with two operators. A storm makes random edits and faults. After it, all checks must hold within
/// <see cref="Patience"/>. The same seed makes the same edits and faults, but their timing depends on the machine.
/// </summary>
public sealed class ChaosRun : IAsyncDisposable
{
    /// <summary>The time after the last fault of a storm within which all checks must hold.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly int _seed;
    private readonly World _world;
    private readonly TextWriter _output;
    private readonly Inspection _inspection;
    private readonly FaultBook _faults;
    private readonly Editor _editor;
    private readonly Random _random;

    private ChaosRun(int seed, World world, TextWriter output)
    {
        (_seed, _world, _output) = (seed, world, output);
        _random = new Random(seed);
        _editor = new Editor(world, new Random(seed + 1));
        _faults = new FaultBook(world, new Random(seed + 2));
        _inspection = new Inspection(world);
    }

    /// <summary>Starts the control plane and the operators.</summary>
    public static async Task<ChaosRun> StartAsync(int seed, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        await output.WriteLineAsync($"seed {seed}");
        return new ChaosRun(seed, await World.StartAsync(), output);
    }

    /// <summary>Returns whether all checks held after each storm. If not, the output says which failed and how to repeat the run.</summary>
    public async Task<bool> RageAsync(int storms)
    {
        await _editor.PrepareAsync();
        var clock = Stopwatch.StartNew();
        for (var storm = 1; storm <= storms; storm++)
        {
            if (await RunStormAsync(storm, clock) is { } failure)
            {
                await _output.WriteLineAsync($"storm {storm}: {failure}\n{_world.Logs()}\nTo repeat it: make chaos SEED={_seed} STORMS={storm}");
                return false;
            }
        }

        await ReportAsync(storms, clock.Elapsed);
        return true;
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    // A storm and the checks after it. Returns any error as the failure, so that it is reported with the seed and the logs.
    private async Task<string?> RunStormAsync(int storm, Stopwatch clock)
    {
        var began = clock.Elapsed;
        var faults = "in the storm";
        try
        {
            faults = await StormAsync();
            var calm = clock.Elapsed;
            if (await _inspection.FailureAsync(Patience) is { } failure)
            {
                return $"{faults}: {failure}";
            }

            await _output.WriteLineAsync(FormattableString.Invariant($"storm {storm,3}: {(calm - began).TotalSeconds,4:0.0} s, all true {(clock.Elapsed - calm).TotalSeconds:0.0} s later; {faults}"));
            return null;
        }
        catch (Exception error)
        {
            return $"{faults}: {error}";
        }
    }

    // One to three faults, one after the other, during edits.
    private async Task<string> StormAsync()
    {
        var faults = _faults.Draw(_random.Next(1, 4));
        if (faults[0].ComesAlone)
        {
            await faults[0].StrikeAsync();
        }

        using var over = new CancellationTokenSource();
        var editing = _editor.EditAsync(over.Token);
        foreach (var fault in faults.Where(fault => !fault.ComesAlone))
        {
            await Task.Delay(_random.Next(50, 400));
            await fault.StrikeAsync();
        }

        await Task.Delay(300);
        await over.CancelAsync();
        await editing;
        await _world.CalmAsync();
        return string.Join(", ", faults.Select(fault => fault.Name));
    }

    private async Task ReportAsync(int storms, TimeSpan elapsed)
    {
        await _output.WriteLineAsync(FormattableString.Invariant(
            $"\nseed {_seed}: {storms} storms in {elapsed.TotalMinutes:0.0} min, {_editor.Edits} edits, {_world.Replicas.Started} starts of the operator; all was true after each"));
        await _output.WriteLineAsync("\n| fault | times |\n| --- | ---: |");
        foreach (var (name, times) in _faults.Struck)
        {
            await _output.WriteLineAsync($"| {name} | {times} |");
        }

        await _output.WriteLineAsync("\n| check | looked at |\n| --- | ---: |");
        foreach (var (name, count) in _inspection.Counts)
        {
            await _output.WriteLineAsync(FormattableString.Invariant($"| {name} | {count:N0} |"));
        }
    }
}
