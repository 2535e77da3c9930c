using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>A Service that is called.</summary>
public sealed class ServiceTarget
{
    /// <summary>The Service's name, and its namespace after a dot when it is not this object's: redis, or redis.data.</summary>
    [Schema(MinLength = 1, MaxLength = 127, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>The Service's own ports that are called; all of them when absent.</summary>
    [Schema(MaxItems = 100)]
    [Schema(Items = true, Minimum = 1, Maximum = 65535)]
    public List<int>? Ports { get; set; }
}
