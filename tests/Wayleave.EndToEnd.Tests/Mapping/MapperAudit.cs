using Wayleave.Testing.ControlPlane;

namespace Wayleave.EndToEnd.Tests.Mapping;

/// <summary>What the mappers wrote, as the audit log of the API server has it.</summary>
internal sealed class MapperAudit(AuditLog log, IReadOnlyList<MapperReplica> replicas)
{
    // A client cannot recall a request that is on its way.
    private static readonly TimeSpan _inFlight = TimeSpan.FromSeconds(1);

    private readonly List<AuditRecord> _writes =
    [
        .. log.Read()
            .Where(record => record.IsWrite && record.Code is >= 200 and < 300 && replicas.Any(replica => replica.User == record.User))
            .Where(record => record.Resource is "leases" or "observedintents")
            .OrderBy(record => record.Received),
    ];

    /// <summary>The number of writes of ObservedIntents.</summary>
    public int Writes => _writes.Count(write => write.Resource == "observedintents");

    /// <summary>Writes of a replica after another one had acquired the lease.</summary>
    public IReadOnlyList<string> FindWritesWithoutLease()
    {
        var (holder, since) = ("", DateTimeOffset.MinValue);
        List<string> found = [];
        foreach (var write in _writes)
        {
            if (write.Resource == "leases")
            {
                since = write.User == holder ? since : write.Received;
                holder = write.User;
            }
            else if (write.User != holder && write.Received - since >= _inFlight)
            {
                found.Add($"{write.User} wrote {write.Namespace}/{write.Name} at {write.Received:HH:mm:ss.fff}, and {holder} has had the lease since {since:HH:mm:ss.fff}");
            }
        }

        return found;
    }
}
