using System.Collections.Immutable;
using System.Globalization;
using Wayleave.EventStore.Storage;
using Wayleave.Settings;

namespace Wayleave.Operator.Recording;

/// <summary>The options of the event store. Without a folder, it is off.</summary>
internal static class EventFlags
{
    private static readonly TimeSpan _shortest = TimeSpan.FromDays(1);
    private static readonly TimeSpan _longest = TimeSpan.FromDays(3650);

    public static Setting<string?> Directory { get; } = new(
        "event-store-dir",
        "DIR",
        "",
        "Folder for the event store, which records what the operator did. It belongs to this process alone. Without it, nothing is recorded.",
        SettingParsers.Text);

    public static Setting<TimeSpan> AuditRetention { get; } = new(
        "event-store-audit-retention",
        "DURATION",
        "720h",
        "How long events of class audit are kept: 24h to 87600h.",
        SettingParsers.Duration(_shortest, _longest));

    public static Setting<TimeSpan> DiagnosticRetention { get; } = new(
        "event-store-diagnostic-retention",
        "DURATION",
        "168h",
        "How long events of class diagnostic are kept: 24h to 87600h.",
        SettingParsers.Duration(_shortest, _longest));

    public static Setting<long> MaxSize { get; } = new(
        "event-store-max-size",
        "SIZE",
        "256Mi",
        "Size of all files of the event store, at which the oldest are deleted: 8Mi to 64Gi.",
        Size);

    public static Setting<int?> Port { get; } = new(
        "event-port",
        "PORT",
        "",
        "Port for queries of the event store, over TLS. Without it, it cannot be queried. 0 picks a free port and logs it.",
        SettingParsers.OptionalPort);

    public static Setting<string?> TlsDirectory { get; } = new(
        "event-tls-dir",
        "DIR",
        "",
        "Folder with tls.crt and tls.key for --event-port, read again when they change. Defaults to a self-signed certificate, new at each start.",
        SettingParsers.Text);

    /// <summary>In the order of the help.</summary>
    public static ImmutableArray<Setting> All { get; } =
        [Directory, AuditRetention, DiagnosticRetention, MaxSize, Port, TlsDirectory];

    private static long Size(string text, out SettingError? error)
    {
        const long Lowest = 8L << 20;
        const long Highest = 64L << 30;
        var shift = text.EndsWith("Mi", StringComparison.Ordinal) ? 20 : text.EndsWith("Gi", StringComparison.Ordinal) ? 30 : -1;
        var digits = text.AsSpan(0, Math.Max(0, text.Length - 2));
        var isNumber = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var size = shift < 0 ? 0 : (long)number << shift;
        error = shift < 0 || !isNumber ? new SettingError("is not a size", "write it like 256Mi or 1Gi")
            : size is < Lowest or > Highest ? new SettingError("is out of range", "use 8Mi to 64Gi")
            : null;
        return size;
    }
}

/// <summary>What is recorded where, and how it is queried.</summary>
/// <param name="Store">The store.</param>
/// <param name="Port">The port of queries. Null if there is none.</param>
/// <param name="TlsDirectory">The folder of the certificate. Null for a self-signed one.</param>
internal sealed record EventSettings(EventStoreSettings Store, int? Port, string? TlsDirectory)
{
    /// <summary>Null if the event store is off.</summary>
    /// <exception cref="OptionsException">A value cannot be used.</exception>
    public static EventSettings? Read(SettingBinder binder)
    {
        var directory = binder.Get(EventFlags.Directory);
        var audit = binder.Get(EventFlags.AuditRetention);
        var diagnostic = binder.Get(EventFlags.DiagnosticRetention);
        var size = binder.Get(EventFlags.MaxSize);
        var port = binder.Get(EventFlags.Port);
        var tls = binder.Get(EventFlags.TlsDirectory);
        if (directory is null && port is not null)
        {
            throw new OptionsException(
                $"{EventFlags.Port.Option} needs {EventFlags.Directory.Option}, because it queries the event store; set both or neither");
        }

        return directory is null ? null : new EventSettings(new EventStoreSettings(directory, audit, diagnostic, size), port, tls);
    }
}
