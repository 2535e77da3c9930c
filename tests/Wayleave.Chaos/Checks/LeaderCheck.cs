using Wayleave.Testing.ControlPlane;

namespace Wayleave.Chaos.Checks;

/// <summary>
/// Checks in the API server's audit log that no operator wrote after another had acquired the lease. A client cannot recall a request that is
/// in flight on a stalled connection, so such a request has one second to arrive.
/// </summary>
internal sealed class LeaderCheck(World world) : Check
{
    private static readonly TimeSpan InFlight = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, DateTimeOffset> _taken = new(StringComparer.Ordinal);
    private string _holder = "";
    private long _mark;

    public override string Name => "writes by the leader alone";

    public override bool IsFinal => true;

    public override Task<string?> ProblemAsync()
    {
        var mark = world.Audit.Mark();
        var writes = world.Audit.Read(_mark).Where(IsDone).OrderBy(write => write.Received).ToList();
        _mark = mark;
        return Task.FromResult(writes.Select(ProblemOf).FirstOrDefault(problem => problem is not null));
    }

    private bool IsDone(AuditRecord record) => record.IsWrite && record.Code is >= 200 and < 300 && world.Replicas.All.Any(replica => replica.User == record.User);

    private string? ProblemOf(AuditRecord write)
    {
        Count++;
        if (write.Resource == "leases")
        {
            _taken[write.User] = write.User == _holder ? _taken[write.User] : write.Received;
            _holder = write.User;
            return null;
        }

        return write.User == _holder || write.Received - _taken[_holder] < InFlight
            ? null
            : $"{write.User} wrote {write.Resource} {write.Namespace}/{write.Name} at {write.Received:HH:mm:ss.fff}, and {_holder} had the lease since {_taken[_holder]:HH:mm:ss.fff}";
    }
}
