namespace Wayleave.Api;

/// <summary>Where the API server serves the kinds of this project.</summary>
public static class Group
{
    /// <summary>The API group.</summary>
    public const string Name = "wayleave.dev";

    /// <summary>The only version so far.</summary>
    public const string Version = "v1beta1";

    /// <summary>What stands in <c>apiVersion</c>.</summary>
    public const string ApiVersion = Name + "/" + Version;
}
