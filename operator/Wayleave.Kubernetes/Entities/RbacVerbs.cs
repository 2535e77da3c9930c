namespace Wayleave.Kubernetes;

/// <summary>Verbs of the Kubernetes authorization API.</summary>
[Flags]
public enum RbacVerbs
{
    None = 0,
    Get = 1,
    List = 2,
    Watch = 4,
    Create = 8,
    Update = 16,
    Patch = 32,
    Delete = 64,

    /// <summary>What an informer needs.</summary>
    Read = List | Watch,
}
