using System.Reflection;
using System.Xml.Linq;

namespace Wayleave.Generator;

/// <summary>The doc comments of an assembly, from the file that the compiler writes beside it.</summary>
internal sealed class XmlDocs
{
    private readonly Dictionary<string, XElement> _members;

    private XmlDocs(XDocument document) =>
        _members = document.Descendants("member").ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);

    /// <exception cref="FileNotFoundException">The assembly was built without its documentation file.</exception>
    public static XmlDocs Load(Assembly assembly) =>
        new(XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml")));

    public string GetSummary(Type type) => Find($"T:{type.FullName}", "summary", static text => text);

    public string GetSummary(PropertyInfo member) =>
        Find($"P:{DeclaringType(member).FullName}.{member.Name}", "summary", static text => text);

    /// <summary>The description of a parameter of a record, as Markdown.</summary>
    public string GetParameter(Type record, string name)
    {
        var element = _members.GetValueOrDefault($"T:{record.FullName}")?.Elements("param").FirstOrDefault(param => param.Attribute("name")!.Value == name);
        return element is null ? "" : Flatten(element, static code => $"`{code}`");
    }

    /// <summary>The summary or another element of a constant, as Markdown: names and code are in backticks.</summary>
    public string GetMarkdown(FieldInfo member, string element) => Find(GetId(member), element, static code => $"`{code}`");

    /// <summary>The ids of the members that the <c>seealso</c> elements of a constant name, in order.</summary>
    public IReadOnlyList<string> GetSeeAlso(FieldInfo member) =>
        [.. (_members.GetValueOrDefault(GetId(member))?.Elements("seealso") ?? []).Select(element => element.Attribute("cref")!.Value)];

    // The id of a member of a generic type has no type arguments.
    private static Type DeclaringType(PropertyInfo member) =>
        member.DeclaringType is { IsGenericType: true } type ? type.GetGenericTypeDefinition() : member.DeclaringType!;

    private static string GetId(FieldInfo member) => $"F:{member.DeclaringType!.FullName}.{member.Name}";

    private string Find(string id, string element, Func<string, string> code) =>
        _members.GetValueOrDefault(id)?.Element(element) is { } found ? Flatten(found, code) : "";

    private static string Flatten(XElement element, Func<string, string> code)
    {
        var text = string.Concat(element.Nodes().Select(node => node switch
        {
            XText words => words.Value,
            XElement inner when inner.Attribute("cref") is { } cref => code(cref.Value[(cref.Value.LastIndexOf('.') + 1)..]),
            XElement inner => code(inner.Value),
            _ => "",
        }));
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
