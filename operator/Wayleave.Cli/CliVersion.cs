using System.Reflection;
using Wayleave.Telemetry.Identity;

namespace Wayleave.Cli;

internal static class CliVersion
{
    public static string Text { get; } =
        typeof(CliVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? "0.0.0";

    /// <summary>The version as a semantic version; 0.0.0 if the text is not one.</summary>
    public static SemanticVersion Semantic { get; } = SemanticVersion.ParseOrNull(Text) ?? SemanticVersion.Parse("0.0.0");
}
