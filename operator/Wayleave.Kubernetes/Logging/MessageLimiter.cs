namespace Wayleave.Kubernetes.Informers;

/// <summary>
/// Lets the same complaint through once a minute, whichever informer has it: an API server that is away is one piece of news, not one for
/// each kind. Safe for any number of threads.
/// </summary>
public sealed class Complaints(TimeProvider time)
{
    private const int Most = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _said = new(StringComparer.Ordinal);

    /// <summary>True when the text has not been let through for a minute.</summary>
    public bool IsNews(string text)
    {
        lock (_lock)
        {
            if (_said.TryGetValue(text, out var last) && time.GetElapsedTime(last) < Pause)
            {
                return false;
            }

            if (_said.Count >= Most)
            {
                _said.Clear();
            }

            _said[text] = time.GetTimestamp();
            return true;
        }
    }
}
