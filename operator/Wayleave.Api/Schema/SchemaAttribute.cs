namespace Wayleave.Api.Schema;

/// <summary>
/// Validation rules of the CRD schema beyond the type. Non-nullable members are required without an attribute. Used by the generator only.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SchemaAttribute : Attribute
{
    /// <summary>Whether the rules apply to the items of a list instead of the list.</summary>
    public bool Items { get; set; }

    /// <summary>A regular expression in the common subset of RE2 and .NET, anchored at both ends.</summary>
    public string? Pattern { get; set; }

    /// <summary>A static class whose public string constants are the only values allowed.</summary>
    public Type? EnumOf { get; set; }

    /// <summary>Keys of which at least one must be given.</summary>
    public string[] RequireAnyOf { get; set; } = [];

    /// <summary>How server-side apply merges a list: <c>atomic</c>, <c>set</c> or <c>map</c>.</summary>
    public string? ListType { get; set; }

    /// <summary>The key of the items of a <c>map</c> list.</summary>
    public string? ListMapKey { get; set; }

    /// <summary>
    /// How server-side apply merges an object: <c>granular</c>, which is the default, or <c>atomic</c>, which saves the API server the
    /// ownership of each field.
    /// </summary>
    public string? MapType { get; set; }

    /// <summary>The minimum. <see cref="int.MinValue"/> for none.</summary>
    public int Minimum { get; set; } = int.MinValue;

    /// <summary>The maximum. 0 for none.</summary>
    public int Maximum { get; set; }

    /// <summary>The minimum length. 0 for none.</summary>
    public int MinLength { get; set; }

    /// <summary>The maximum length. 0 for none.</summary>
    public int MaxLength { get; set; }

    /// <summary>The minimum number of items. 0 for none.</summary>
    public int MinItems { get; set; }

    /// <summary>The maximum number of items. 0 for none.</summary>
    public int MaxItems { get; set; }

    /// <summary>The minimum number of properties. 0 for none.</summary>
    public int MinProperties { get; set; }

    /// <summary>The maximum number of properties. 0 for none.</summary>
    public int MaxProperties { get; set; }
}

/// <summary>Marks a class that a CRD is generated from.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class CustomResourceAttribute(string shortName) : Attribute
{
    /// <summary>The short name for kubectl.</summary>
    public string ShortName { get; } = shortName;
}

/// <summary>A column of <c>kubectl get</c>. Columns appear in the order of <see cref="Order"/>.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class PrinterColumnAttribute(int order, string name, string type, string jsonPath) : Attribute
{
    /// <summary>The position of the column. Reflection does not guarantee an order.</summary>
    public int Order { get; } = order;

    /// <summary>The column header.</summary>
    public string Name { get; } = name;

    /// <summary>An OpenAPI type, or <c>date</c>, which is shown as an age.</summary>
    public string Type { get; } = type;

    /// <summary>The JSONPath of the value.</summary>
    public string JsonPath { get; } = jsonPath;

    /// <summary>True for a column that only <c>-o wide</c> shows.</summary>
    public bool IsWide { get; set; }
}
