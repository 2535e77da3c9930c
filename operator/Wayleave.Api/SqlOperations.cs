namespace Wayleave.Api;

/// <summary>The privileges on a table that an intent may name.</summary>
public static class SqlOperations
{
    /// <summary>Every privilege.</summary>
    public const string All = "ALL";

    /// <summary>Read rows.</summary>
    public const string Select = "SELECT";

    /// <summary>Add rows.</summary>
    public const string Insert = "INSERT";

    /// <summary>Change rows.</summary>
    public const string Update = "UPDATE";

    /// <summary>Remove rows.</summary>
    public const string Delete = "DELETE";
}
