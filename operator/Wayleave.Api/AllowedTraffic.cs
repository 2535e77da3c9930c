using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>What is allowed in the governed namespaces without being declared.</summary>
public sealed class AllowedTraffic
{
    /// <summary>Where egress is restricted, whether clients may reach port 53 by UDP and TCP. True when absent.</summary>
    public bool? Dns { get; set; }

    /// <summary>Who may call every server: ingress controllers, Prometheus and the like.</summary>
    [Schema(MaxItems = 50)]
    public List<AllowedCaller>? From { get; set; }
}
