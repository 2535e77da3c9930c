using System.Globalization;
using k8s;
using k8s.Models;

namespace Wayleave.Kubernetes.Informers;

/// <summary>
/// Reconciles the results of our own writes with list and watch events of the same kind, which may arrive before or after them. Not
/// thread-safe: the store's lock guards it.
/// </summary>
internal sealed class WriteTracker
{
    private readonly PendingResourceVersions _pending = new();

    // Keys that we wrote since the current list started, because the list may be older. The value is the UID after a delete, else null.
    private Dictionary<NamespacedName, string?>? _sinceListStarted;

    // The newest version that a list or the watch delivered.
    private string? _observedVersion;

    /// <summary>Whether neither a list nor the watch has reached this version.</summary>
    public bool IsNewerThanObserved(IKubernetesObject<V1ObjectMeta> entity) =>
        ResourceVersionComparer.IsNewer(entity.Metadata.ResourceVersion, _observedVersion);

    /// <param name="hasChanged">Whether it changed the store.</param>
    public void RecordWrite(IKubernetesObject<V1ObjectMeta> entity, bool hasChanged)
    {
        _sinceListStarted?[NamespacedName.From(entity)] = null;
        if (hasChanged && IsNewerThanObserved(entity))
        {
            _pending.Add(entity.Metadata.ResourceVersion);
        }
    }

    public void RecordDelete(IKubernetesObject<V1ObjectMeta> entity) =>
        _sinceListStarted?[NamespacedName.From(entity)] = entity.Metadata.Uid;

    /// <summary>
    /// The watch reached this version. True, once, if it is the result of our own write, so that the event need not be parsed.
    /// </summary>
    public bool TryMatch(string version)
    {
        if (!_pending.MarkObserved(version))
        {
            return false;
        }

        _observedVersion = version;
        return true;
    }

    /// <summary>The watch reached this version, and the event was parsed.</summary>
    public void MarkObserved(string? version) => _observedVersion = version;

    /// <summary>From here to <see cref="EndList"/>, our own writes win over listed objects.</summary>
    public void BeginList() => _sinceListStarted = [];

    /// <summary>Whether we deleted this object since the current list started.</summary>
    public bool WasDeleted(IKubernetesObject<V1ObjectMeta> listed) =>
        _sinceListStarted?.GetValueOrDefault(NamespacedName.From(listed)) is { } uid && uid == listed.Metadata.Uid;

    /// <summary>Whether we wrote an object of this name since the current list started.</summary>
    public bool WasWritten(IKubernetesObject<V1ObjectMeta> listed) => _sinceListStarted?.ContainsKey(NamespacedName.From(listed)) == true;

    /// <summary>Whether we created this object since the current list started, at a version that the list does not include.</summary>
    public bool WasCreatedAfter(IKubernetesObject<V1ObjectMeta> stored, string? listVersion) =>
        WasWritten(stored) && ResourceVersionComparer.IsNewer(stored.Metadata.ResourceVersion, listVersion);

    /// <summary>The list of this version is complete. All later watch events are parsed.</summary>
    public void EndList(string? version)
    {
        (_sinceListStarted, _observedVersion) = (null, version);
        _pending.Clear();
    }
}

/// <summary>
/// Versions of our own writes that the watch has yet to deliver. A watch delivers the versions of one kind in ascending order (KEP-5504),
/// so a delivered version also settles every older one. Not thread-safe.
/// </summary>
internal sealed class PendingResourceVersions
{
    private readonly SortedSet<ulong> _versions = [];

    /// <summary>Ignores a version that is not a number: its event is parsed.</summary>
    public void Add(string? version)
    {
        if (ResourceVersionComparer.TryParse(version, out var number))
        {
            _versions.Add(number);
        }
    }

    /// <summary>The watch reached this version. True if it was pending.</summary>
    public bool MarkObserved(string? version)
    {
        if (_versions.Count == 0 || !ResourceVersionComparer.TryParse(version, out var number))
        {
            return false;
        }

        var isPending = _versions.Contains(number);
        while (_versions.Count > 0 && _versions.Min <= number)
        {
            _versions.Remove(_versions.Min);
        }

        return isPending;
    }

    public void Clear() => _versions.Clear();
}

/// <summary>Compares resource versions of one kind, which are ascending numbers (KEP-5504).</summary>
internal static class ResourceVersionComparer
{
    public static bool AreSame(IKubernetesObject<V1ObjectMeta> one, IKubernetesObject<V1ObjectMeta> other) =>
        one.Metadata.ResourceVersion == other.Metadata.ResourceVersion && one.Metadata.Uid == other.Metadata.Uid;

    public static bool IsNewer(IKubernetesObject<V1ObjectMeta> candidate, IKubernetesObject<V1ObjectMeta> current) =>
        IsNewer(candidate.Metadata.ResourceVersion, current.Metadata.ResourceVersion);

    /// <summary>True if either version is not a number.</summary>
    public static bool IsNewer(string? candidate, string? current) =>
        !TryParse(candidate, out var candidateNumber) || !TryParse(current, out var currentNumber) || candidateNumber > currentNumber;

    public static bool TryParse(string? version, out ulong number) =>
        ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
