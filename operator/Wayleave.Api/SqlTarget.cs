using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>A SQL server that is called.</summary>
public sealed class SqlTarget
{
    /// <summary>The server's name.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>The privileges that are needed.</summary>
    [Schema(MaxItems = 1000)]
    public List<SqlPrivilege>? Privileges { get; set; }
}
