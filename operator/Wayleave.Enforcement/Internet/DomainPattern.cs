namespace Wayleave.Enforcement.Internet;

/// <summary>Domains as they are declared: names, and wildcards.</summary>
public static class DomainPattern
{
    private const string AnyLabels = "*.";

    /// <summary>Whether a declared domain stands for all names below another one.</summary>
    public static bool IsWildcard(string declared) => declared.StartsWith('*');

    /// <summary>
    /// Whether a declared domain includes a name. A leading <c>*</c> stands for one label or more, as in DNS: <c>*.example.com</c> includes
    /// <c>a.example.com</c> and <c>a.b.example.com</c>, and not <c>example.com</c>.
    /// </summary>
    public static bool Includes(string declared, string name) =>
        declared.StartsWith(AnyLabels, StringComparison.Ordinal)
        ? name.Length > declared.Length - 1 && name.EndsWith(declared[1..], StringComparison.OrdinalIgnoreCase)
        : declared.Equals(name, StringComparison.OrdinalIgnoreCase);
}
