namespace Wayleave.Kubernetes.Logging;

/// <summary>
/// Allows the same message once every five minutes, whichever informer has it: an API server that is away is worth one line, not one for
/// each kind. Safe for any number of threads.
/// </summary>
public sealed class MessageLimiter(TimeProvider time)
{
    private const int MostMessages = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _loggedAt = new(StringComparer.Ordinal);

    /// <summary>True when the message was not logged in the last five minutes; it counts as logged then.</summary>
    public bool TryLog(string message)
    {
        lock (_lock)
        {
            if (_loggedAt.TryGetValue(message, out var last) && time.GetElapsedTime(last) < FailureReport.WarningInterval)
            {
                return false;
            }

            if (_loggedAt.Count >= MostMessages)
            {
                _loggedAt.Clear();
            }

            _loggedAt[message] = time.GetTimestamp();
            return true;
        }
    }
}
