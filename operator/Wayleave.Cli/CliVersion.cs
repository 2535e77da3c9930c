using System.Reflection;
using Wayleave.Telemetry.Identity;

namespace Wayleave.Cli;

/// <summary>The version of this program.</summary>
internal static class CliVersion
{
    public static string Text { get; } =
        typeof(CliVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? "0.0.0";

    /// <summary>Without what is not of a semantic version.</summary>
    public static SemanticVersion Semantic { get; } = SemanticVersion.ParseOrNull(Text) ?? SemanticVersion.Parse("0.0.0");
}
