namespace Wayleave.Api.Schema;

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
