using System.Reflection;
using System.Xml.Linq;

namespace Wayleave.Generator.Crds;

/// <summary>The doc comments of an assembly, from the file that the compiler writes beside it.</summary>
internal sealed class XmlDocs
{
    private readonly Dictionary<string, string> _summaries;

    private XmlDocs(XDocument document) =>
        _summaries = document.Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => Plain(member.Element("summary")!), StringComparer.Ordinal);

    /// <exception cref="FileNotFoundException">The assembly was built without its documentation file.</exception>
    public static XmlDocs Of(Assembly assembly) =>
        new(XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml")));

    public string Summary(Type type) => Find($"T:{type.FullName}");

    public string Summary(PropertyInfo member) => Find($"P:{member.DeclaringType!.FullName}.{member.Name}");

    private string Find(string id) => _summaries.GetValueOrDefault(id, "");

    private static string Plain(XElement summary)
    {
        var text = string.Concat(summary.DescendantNodes().Select(node => node switch
        {
            XText words => words.Value,
            XElement element when element.Attribute("cref") is { } cref => cref.Value[(cref.Value.LastIndexOf('.') + 1)..],
            _ => "",
        }));
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
