namespace Wayleave.Api.Schema;

/// <summary>
/// What the CRD's schema demands of a value beyond its type. A member that cannot be null is required; that needs no attribute.
/// Read by the generator only, never at run time.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SchemaAttribute : Attribute
{
    /// <summary>True when this speaks of each item of a list instead of the list.</summary>
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

    /// <summary>The least number; <see cref="int.MinValue"/> for none.</summary>
    public int Minimum { get; set; } = int.MinValue;

    /// <summary>The greatest number, when positive.</summary>
    public int Maximum { get; set; }

    /// <summary>The shortest text, when positive.</summary>
    public int MinLength { get; set; }

    /// <summary>The longest text, when positive.</summary>
    public int MaxLength { get; set; }

    /// <summary>The shortest list, when positive.</summary>
    public int MinItems { get; set; }

    /// <summary>The longest list, when positive.</summary>
    public int MaxItems { get; set; }

    /// <summary>The least number of keys, when positive.</summary>
    public int MinProperties { get; set; }

    /// <summary>The greatest number of keys, when positive.</summary>
    public int MaxProperties { get; set; }
}

/// <summary>Marks a class that a CRD is generated from.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class CustomResourceAttribute(string shortName) : Attribute
{
    /// <summary>What one types after <c>kubectl get</c>.</summary>
    public string ShortName { get; } = shortName;
}

/// <summary>A column of <c>kubectl get</c>. Columns appear in the order of <see cref="Order"/>.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class PrinterColumnAttribute(int order, string name, string type, string jsonPath) : Attribute
{
    /// <summary>The place from the left. Reflection promises no order of its own.</summary>
    public int Order { get; } = order;

    /// <summary>The column's head.</summary>
    public string Name { get; } = name;

    /// <summary>An OpenAPI type, or <c>date</c>, which is shown as an age.</summary>
    public string Type { get; } = type;

    /// <summary>Where in the object the value is.</summary>
    public string JsonPath { get; } = jsonPath;

    /// <summary>True for a column that only <c>-o wide</c> shows.</summary>
    public bool Wide { get; set; }
}
