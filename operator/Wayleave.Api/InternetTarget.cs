using Wayleave.Api.Schema;

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

    /// <summary>The TCP ports that are called; every port when absent.</summary>
    [Schema(MaxItems = 100)]
    [Schema(Items = true, Minimum = 1, Maximum = 65535)]
    public List<int>? Ports { get; set; }
}
