using System.Reflection;
using Wayleave.Telemetry.Identity;

namespace Wayleave.Operator.Hosting;

/// <summary>The version that was built.</summary>
internal static class OperatorVersion
{
    public static string Text { get; } =
        typeof(OperatorVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    public static SemanticVersion Semantic { get; } = SemanticVersion.Parse(Text);
}
