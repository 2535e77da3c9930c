using System.Globalization;
using Wayleave.Telemetry.Ledgers;

namespace Wayleave.Telemetry.Tests.Support;

/// <summary>A store in memory that has versions, like the API server, and fails on request.</summary>
internal sealed class FakeLedgerStore : ILedgerStore
{
    private readonly Lock _lock = new();
    private Dictionary<string, string>? _entries;
    private int _version;

    public bool LoadsFail { get; set; }

    public bool SavesFail { get; set; }

    /// <summary>Whether the next save succeeds but its response is lost.</summary>
    public bool NextAnswerIsLost { get; set; }

    /// <summary>The position that a loaded snapshot reports.</summary>
    public long? Position { get; set; }

    public int Saves { get; private set; }

    public string? this[string key]
    {
        get
        {
            lock (_lock)
            {
                return _entries?.GetValueOrDefault(key);
            }
        }
    }

    /// <summary>Writes as another client.</summary>
    public void Write(IReadOnlyDictionary<string, string> entries)
    {
        lock (_lock)
        {
            _entries = new Dictionary<string, string>(entries, StringComparer.Ordinal);
            _version++;
        }
    }

    public void Delete()
    {
        lock (_lock)
        {
            _entries = null;
            _version++;
        }
    }

    public Ledger? Read()
    {
        lock (_lock)
        {
            return _entries is null ? null : LedgerSerializer.Read(_entries).Ledger;
        }
    }

    public Task<LedgerSnapshot?> LoadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (LoadsFail)
            {
                throw new IOException("The store cannot be read.");
            }

            return Task.FromResult(_entries is null
                ? null
                : new LedgerSnapshot(new Dictionary<string, string>(_entries, StringComparer.Ordinal), Version(), Position));
        }
    }

    public Task<string?> SaveAsync(IReadOnlyDictionary<string, string> entries, string? version, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (SavesFail)
            {
                throw new IOException("The store cannot be written.");
            }

            if (version != (_entries is null ? null : Version()))
            {
                return Task.FromResult<string?>(null);
            }

            Write(entries);
            Saves++;
            if (NextAnswerIsLost)
            {
                NextAnswerIsLost = false;
                throw new IOException("The response was lost.");
            }

            return Task.FromResult<string?>(Version());
        }
    }

    private string Version() => _version.ToString(CultureInfo.InvariantCulture);
}
