namespace Wayleave.Observation.Proposals;

/// <summary>Which calls of the map are meant. Connected calls of the application, unless more is asked for.</summary>
internal sealed record CallFilter
{
    /// <summary>All calls.</summary>
    public static CallFilter Everything { get; } = new() { IncludesAttempts = true, IncludesInfrastructure = true };

    /// <summary>Only calls of these clients. Null for all.</summary>
    public Func<WorkloadId, bool>? Client { get; init; }

    /// <summary>Only calls to these targets. Null for all.</summary>
    public Func<SeenCall, bool>? Target { get; init; }

    /// <summary>Only calls that were seen for at least this long. Zero for all.</summary>
    public TimeSpan MinimumAge { get; init; }

    /// <summary>Calls that were refused or not answered.</summary>
    public bool IncludesAttempts { get; init; }

    /// <summary>Calls from or to components of the cluster.</summary>
    public bool IncludesInfrastructure { get; init; }

    public bool Includes(SeenCall call) =>
        (IncludesAttempts || !call.IsAttempt)
            && (IncludesInfrastructure || !call.IsInfrastructure)
            && (MinimumAge == TimeSpan.Zero || call.Call.Last - call.Call.First >= MinimumAge)
            && Client?.Invoke(call.Client) != false
            && Target?.Invoke(call) != false;
}
