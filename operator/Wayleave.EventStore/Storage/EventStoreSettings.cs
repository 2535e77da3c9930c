using Wayleave.EventStore.Events;

namespace Wayleave.EventStore.Storage;

/// <summary>Where events are stored, and for how long.</summary>
/// <param name="Directory">The folder. It belongs to one process.</param>
/// <param name="AuditRetention">How long events of class <see cref="EventClass.Audit"/> are kept.</param>
/// <param name="DiagnosticRetention">How long events of class <see cref="EventClass.Diagnostic"/> are kept.</param>
/// <param name="MaxBytes">The most bytes of all files together.</param>
public sealed record EventStoreSettings(string Directory, TimeSpan AuditRetention, TimeSpan DiagnosticRetention, long MaxBytes)
{
    public static TimeSpan DefaultAuditRetention { get; } = TimeSpan.FromDays(30);

    public static TimeSpan DefaultDiagnosticRetention { get; } = TimeSpan.FromDays(7);

    /// <summary>256 MiB.</summary>
    public const long DefaultMaxBytes = 256L * 1024 * 1024;

    public TimeSpan RetentionOf(EventClass eventClass) => eventClass == EventClass.Audit ? AuditRetention : DiagnosticRetention;
}

/// <summary>Reads stored events.</summary>
public interface IEventReader
{
    /// <summary>The events that match, newest first. Thread-safe. A damaged file counts as empty.</summary>
    IReadOnlyList<OperatorEvent> Read(EventQuery query, CancellationToken cancellationToken);
}
