using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>
/// Checks YAML from an untrusted source before it is loaded. The loader is recursive, and a stack overflow ends the process; nested
/// aliases can expand to more than the memory can hold.
/// </summary>
/// <param name="MaxDepth">How deep mappings and lists may be nested.</param>
/// <param name="MaxNodes">How many keys, values, mappings and lists there may be.</param>
public sealed record YamlLimits(int MaxDepth, int MaxNodes)
{
    /// <summary>The first problem with the line where it is; null if there is none.</summary>
    /// <exception cref="YamlException">The text is not YAML.</exception>
    public (YamlProblem Problem, long Line)? FindProblem(string text)
    {
        var parser = new Parser(new StringReader(text));
        var nodes = 0;
        for (var depth = 0; parser.MoveNext(); depth += parser.Current!.NestingIncrease)
        {
            var line = parser.Current!.Start.Line;
            if (parser.Current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
            {
                return (YamlProblem.Alias, line);
            }

            if (depth > MaxDepth)
            {
                return (YamlProblem.Depth, line);
            }

            if (parser.Current is NodeEvent && ++nodes > MaxNodes)
            {
                return (YamlProblem.Nodes, line);
            }
        }

        return null;
    }
}

/// <summary>Why YAML is not loaded.</summary>
public enum YamlProblem
{
    /// <summary>It has an anchor or an alias.</summary>
    Alias,

    /// <summary>It is nested too deep.</summary>
    Depth,

    /// <summary>It has too many nodes.</summary>
    Nodes,
}
