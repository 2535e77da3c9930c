using System.Globalization;

namespace Wayleave.Chaos.Checks;

/// <summary>Checks that a process that survived a storm uses no more memory and handles than after its first storm, within a tolerance.</summary>
internal sealed class ResourceCheck(World world) : Check
{
    private const long MemoryTolerance = 24 * 1024 * 1024;
    private const int HandleTolerance = 8;
    private readonly Dictionary<int, (long Memory, int Handles)> _first = [];

    public override string Name => "processes with no more memory and handles than before";

    public override Task<string?> ProblemAsync() => Task.FromResult(world.Replicas.All.Select(ProblemOf).FirstOrDefault(problem => problem is not null));

    private string? ProblemOf(Replica replica)
    {
        var process = replica.Process!;
        if (process.HasExited)
        {
            return $"{replica.Name} ended unexpectedly with exit code {process.ExitCode}";
        }

        var now = (Memory: process.ResidentBytes(), Handles: Directory.GetFiles(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/fd")).Length);
        if (_first.TryAdd(process.Id, now))
        {
            return null;
        }

        var first = _first[process.Id];
        Count++;
        return now.Memory > first.Memory + MemoryTolerance ? $"{replica.Name} has {now.Memory >> 20} MiB, and had {first.Memory >> 20}"
            : now.Handles > first.Handles + HandleTolerance ? $"{replica.Name} has {now.Handles} handles, and had {first.Handles}"
            : null;
    }
}
