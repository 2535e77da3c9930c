using Wayleave.Api.Schema;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Api;

/// <summary>A Service that is called.</summary>
public sealed class ServiceTarget
{
    /// <summary>The Service's name, and its namespace after a dot when it is not this object's: redis, or redis.data.</summary>
    [Schema(MinLength = 1, MaxLength = 127, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>
    /// Ports of the Service that the client calls: 8080, "53/UDP", "9000-9010", or the name of a Service port. A number without a protocol
    /// means every protocol that the Service has on it. Defaults to all ports of the Service.
    /// </summary>
    [Schema(MaxItems = 100)]
    [Schema(Items = true, Minimum = 1, Maximum = 65535, MaxLength = 16, Pattern = Patterns.Port)]
    public List<PortNumberOrName>? Ports { get; set; }
}
