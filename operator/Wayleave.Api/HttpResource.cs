using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>A path and what is done with it.</summary>
public sealed class HttpResource
{
    /// <summary>The path of the URL.</summary>
    [Schema(MinLength = 1, MaxLength = 1024, Pattern = Patterns.UrlPath)]
    public string Path { get; set; } = "";

    /// <summary>The methods; every method when absent.</summary>
    [Schema(MaxItems = 9)]
    [Schema(Items = true, EnumOf = typeof(HttpMethods))]
    public List<string>? Methods { get; set; }
}
