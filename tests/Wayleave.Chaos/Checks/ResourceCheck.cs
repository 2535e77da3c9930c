using System.Globalization;

namespace Wayleave.Chaos.Checks;

/// <summary>A process that lived through a storm has no more memory and no more open handles than after its first one, but for some play.</summary>
internal sealed class ResourceCheck(World world) : Check
{
    private const long PlayInMemory = 24 * 1024 * 1024;
    private const int PlayInHandles = 8;
    private readonly Dictionary<int, (long Memory, int Handles)> _first = [];

    public override string Name => "processes with no more memory and handles than before";

    public override Task<string?> ProblemAsync() => Task.FromResult(world.Replicas.All.Select(ProblemOf).FirstOrDefault(problem => problem is not null));

    private string? ProblemOf(Replica replica)
    {
        var process = replica.Process!;
        if (process.HasExited)
        {
            return $"{replica.Name} has ended by itself with exit code {process.ExitCode}";
        }

        var now = (Memory: process.ResidentBytes(), Handles: Directory.GetFiles(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/fd")).Length);
        if (_first.TryAdd(process.Id, now))
        {
            return null;
        }

        var first = _first[process.Id];
        Count++;
        return now.Memory > first.Memory + PlayInMemory ? $"{replica.Name} has {now.Memory >> 20} MiB, and had {first.Memory >> 20}"
            : now.Handles > first.Handles + PlayInHandles ? $"{replica.Name} has {now.Handles} handles, and had {first.Handles}"
            : null;
    }
}
