namespace Wayleave.Telemetry.Export;

/// <summary>Remembers the last request, for whoever wants to see it. Safe from any thread.</summary>
internal sealed class RequestTracker
{
    private SentRequest? _last;

    /// <summary>Null before the first of this process.</summary>
    public SentRequest? Last
    {
        get => Volatile.Read(ref _last);
        set => Volatile.Write(ref _last, value);
    }
}
