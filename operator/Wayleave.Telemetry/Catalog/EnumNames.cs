using System.Collections.Immutable;
using Wayleave.Telemetry.Profile;

namespace Wayleave.Telemetry.Catalog;

/// <summary>How the closed enumerations are spelled in a record. A spelling, once released, never changes.</summary>
internal static class EnumNames
{
    public static string Of(ComponentType component) => component switch
    {
        ComponentType.Operator => "OPERATOR",
        ComponentType.Cli => "CLI",
        ComponentType.Mapper => "MAPPER",
        ComponentType.Sensor => "SENSOR",
        _ => throw new ArgumentOutOfRangeException(nameof(component)),
    };

    public static string Of(ErrorComponent component) => component switch
    {
        ErrorComponent.Intents => "intents",
        ErrorComponent.Policies => "policies",
        ErrorComponent.Clusters => "clusters",
        ErrorComponent.Enforcement => "enforcement",
        ErrorComponent.Kubernetes => "kubernetes",
        ErrorComponent.Telemetry => "telemetry",
        _ => throw new ArgumentOutOfRangeException(nameof(component)),
    };

    public static string Of(SizeBucket bucket) => bucket switch
    {
        SizeBucket.Zero => "0",
        SizeBucket.Units => "1-9",
        SizeBucket.Tens => "10-99",
        SizeBucket.Hundreds => "100-999",
        SizeBucket.Thousands => "1000+",
        _ => throw new ArgumentOutOfRangeException(nameof(bucket)),
    };

    public static string Of(OperatingSystemKind system) => system switch
    {
        OperatingSystemKind.Linux => "linux",
        OperatingSystemKind.Windows => "windows",
        OperatingSystemKind.MacOS => "darwin",
        OperatingSystemKind.Other => "other",
        _ => throw new ArgumentOutOfRangeException(nameof(system)),
    };

    public static string Of(CpuArchitecture architecture) => architecture switch
    {
        CpuArchitecture.Amd64 => "amd64",
        CpuArchitecture.Arm64 => "arm64",
        CpuArchitecture.Other => "other",
        _ => throw new ArgumentOutOfRangeException(nameof(architecture)),
    };

    public static ImmutableArray<string> All<TEnum>(Func<TEnum, string> name)
        where TEnum : struct, Enum =>
        [.. Enum.GetValues<TEnum>().Select(name)];
}
