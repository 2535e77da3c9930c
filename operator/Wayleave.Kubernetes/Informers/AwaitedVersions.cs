namespace Wayleave.Kubernetes.Informers;

/// <summary>
/// Versions that own writes gave back and that the watch has still to bring. A watch brings those of one kind in their order (KEP-5504), so
/// whatever is before one that came will not come any more. Not safe for several threads.
/// </summary>
internal sealed class AwaitedVersions
{
    private readonly SortedSet<ulong> _versions = [];

    /// <summary>One that is not a number is not awaited, and is read when it comes.</summary>
    public void Add(string? version)
    {
        if (Versions.TryParse(version, out var number))
        {
            _versions.Add(number);
        }
    }

    /// <summary>The watch has come to this version. True if it was awaited.</summary>
    public bool Come(string? version)
    {
        if (_versions.Count == 0 || !Versions.TryParse(version, out var number))
        {
            return false;
        }

        var isAwaited = _versions.Contains(number);
        while (_versions.Count > 0 && _versions.Min <= number)
        {
            _versions.Remove(_versions.Min);
        }

        return isAwaited;
    }

    /// <summary>A list takes the watch's place: whatever comes after it is read.</summary>
    public void Clear() => _versions.Clear();
}
