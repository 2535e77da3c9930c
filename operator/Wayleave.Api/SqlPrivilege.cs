using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>A table, or a whole database, and what is done with it.</summary>
public sealed class SqlPrivilege
{
    /// <summary>The database's name.</summary>
    [Schema(MinLength = 1, MaxLength = 128)]
    public string DatabaseName { get; set; } = "";

    /// <summary>The table, with its schema, e.g. public.orders; every table when absent.</summary>
    [Schema(MinLength = 1, MaxLength = 256)]
    public string? Table { get; set; }

    /// <summary>What is done; everything when absent.</summary>
    [Schema(MaxItems = 5)]
    [Schema(Items = true, EnumOf = typeof(SqlOperations))]
    public List<string>? Operations { get; set; }
}
