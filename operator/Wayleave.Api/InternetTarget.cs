using Wayleave.Api.Schema;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Api;

/// <summary>Something outside the cluster that is called, by address, by name, or both.</summary>
[Schema(RequireAnyOf = ["ips", "domains"])]
public sealed class InternetTarget
{
    /// <summary>Addresses, or ranges of them in CIDR form.</summary>
    [Schema(MinItems = 1, MaxItems = 100)]
    [Schema(Items = true, MaxLength = 49, Pattern = Patterns.IpOrCidr)]
    public List<string>? Ips { get; set; }

    /// <summary>Ranges within ips that stay closed. An address of a domain that lies in one of them stays closed too.</summary>
    [Schema(MinItems = 1, MaxItems = 100)]
    [Schema(Items = true, MaxLength = 49, Pattern = Patterns.IpOrCidr)]
    public List<string>? Except { get; set; }

    /// <summary>DNS names, of which the first label may be *.</summary>
    [Schema(MinItems = 1, MaxItems = 100)]
    [Schema(Items = true, MinLength = 1, MaxLength = 253, Pattern = Patterns.Domain)]
    public List<string>? Domains { get; set; }

    /// <summary>
    /// Ports that the client calls: 443, "123/UDP", "9000-9010" or "9000-9010/UDP". TCP unless a protocol is given. Defaults to every port
    /// and protocol.
    /// </summary>
    [Schema(MaxItems = 100)]
    [Schema(Items = true, Minimum = 1, Maximum = 65535, MaxLength = 16, Pattern = Patterns.NumericPort)]
    public List<PortNumberOrName>? Ports { get; set; }
}
