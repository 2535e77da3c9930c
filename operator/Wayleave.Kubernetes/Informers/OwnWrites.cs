using k8s;
using k8s.Models;

namespace Wayleave.Kubernetes.Informers;

/// <summary>
/// How what own writes gave back goes together with what lists and watches of the same kind bring, sooner or later than they. Not safe for
/// several threads.
/// </summary>
internal sealed class OwnWrites
{
    private readonly AwaitedVersions _awaited = new();

    // Written while a list is under way, which may show a time before it. For a delete: the uid.
    private Dictionary<NamespacedName, string?>? _sinceList;

    // The version that lists and watches have come to.
    private string? _told;

    /// <summary>Whether lists and watches have still to come to this version.</summary>
    public bool IsAhead(IKubernetesObject<V1ObjectMeta> entity) => Versions.IsNewer(entity.Metadata.ResourceVersion, _told);

    /// <summary>A write gave this back.</summary>
    /// <param name="entity">What it gave back.</param>
    /// <param name="isNews">Whether it was not known already.</param>
    public void Wrote(IKubernetesObject<V1ObjectMeta> entity, bool isNews)
    {
        _sinceList?[NamespacedName.Of(entity)] = null;
        if (isNews && IsAhead(entity))
        {
            _awaited.Add(entity.Metadata.ResourceVersion);
        }
    }

    public void Deleted(IKubernetesObject<V1ObjectMeta> entity) => _sinceList?[NamespacedName.Of(entity)] = entity.Metadata.Uid;

    /// <summary>A watch has come to this version. True, once, if a write gave it back before.</summary>
    public bool IsKnown(string version)
    {
        if (!_awaited.Come(version))
        {
            return false;
        }

        _told = version;
        return true;
    }

    /// <summary>A watch has come to this version, and it was read.</summary>
    public void Come(string? version) => _told = version;

    /// <summary>A list begins: until it is complete, what writes tell is not overruled by it.</summary>
    public void BeginList() => _sinceList = [];

    /// <summary>Whether an object of the list that is under way was deleted since it began.</summary>
    public bool HaveDeleted(IKubernetesObject<V1ObjectMeta> listed) =>
        _sinceList?.GetValueOrDefault(NamespacedName.Of(listed)) is { } uid && uid == listed.Metadata.Uid;

    /// <summary>Whether something of this name was written since the list that is under way began.</summary>
    public bool HaveTouched(IKubernetesObject<V1ObjectMeta> listed) => _sinceList?.ContainsKey(NamespacedName.Of(listed)) == true;

    /// <summary>Whether an object was made while the list was under way, and after the moment that the list shows.</summary>
    public bool HaveMadeSince(IKubernetesObject<V1ObjectMeta> stored, string? version) =>
        HaveTouched(stored) && Versions.IsNewer(stored.Metadata.ResourceVersion, version);

    /// <summary>A list of this version is complete. Whatever a watch brings from there on is read.</summary>
    public void EndList(string? version)
    {
        (_sinceList, _told) = (null, version);
        _awaited.Clear();
    }
}
