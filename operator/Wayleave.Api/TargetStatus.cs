using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>What became of one target.</summary>
public sealed class TargetStatus
{
    /// <summary>The server, with its namespace where it has one, e.g. cart.shop.</summary>
    public string Name { get; set; } = "";

    /// <summary>The target's key in the spec, e.g. kubernetes.</summary>
    public string Type { get; set; } = "";

    /// <summary>Enforced, Pending, Shadow, Disabled, NotSupported or Failed.</summary>
    public string State { get; set; } = "";

    /// <summary>Why, in one word.</summary>
    public string Reason { get; set; } = "";

    /// <summary>Which field it is about and what to do. Absent when there is nothing to do.</summary>
    public string? Message { get; set; }

    /// <summary>The addresses that the target's domains were found to have, up to twenty of them.</summary>
    [Schema(ListType = "atomic", MaxItems = 20)]
    public List<string>? Addresses { get; set; }
}
