namespace Wayleave.Kubernetes.Logging;

/// <summary>
/// Allows the same message once every five minutes across all informers, so that an unavailable API server is logged once instead of once
/// for each kind. Thread-safe.
/// </summary>
public sealed class LogThrottle(TimeProvider time)
{
    private const int MaxMessages = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _loggedAt = new(StringComparer.Ordinal);

    /// <summary>True if the message was not logged in the last five minutes. The caller then logs it.</summary>
    public bool ShouldLog(string message)
    {
        lock (_lock)
        {
            if (_loggedAt.TryGetValue(message, out var last) && time.GetElapsedTime(last) < FailureReport.WarningInterval)
            {
                return false;
            }

            if (_loggedAt.Count >= MaxMessages)
            {
                _loggedAt.Clear();
            }

            _loggedAt[message] = time.GetTimestamp();
            return true;
        }
    }
}
