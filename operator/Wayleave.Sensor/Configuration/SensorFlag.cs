using System.Collections.Immutable;

namespace Wayleave.Sensor.Configuration;

/// <summary>An option of the sensor, with its environment variable.</summary>
/// <param name="Name">Without dashes.</param>
/// <param name="Placeholder">For the help.</param>
/// <param name="Default">The value if it is not given. Empty for none.</param>
/// <param name="Help">What it is for.</param>
internal sealed record SensorFlag(string Name, string Placeholder, string Default, string Help)
{
    public static SensorFlag MapperUrl { get; } = new(
        "mapper-url", "URL", "", "Address of the mapper, for example https://wayleave-mapper.wayleave-system.svc:8443. Required.");

    public static SensorFlag TokenFile { get; } = new(
        "token-file", "FILE", "", "File with the token for the mapper, read again for each report. Required.");

    public static SensorFlag CaFile { get; } = new(
        "ca-file", "FILE", "",
        "File with the certificate authorities of the mapper in PEM form, read again when it changes. Defaults to those of the system.");

    public static SensorFlag ReportInterval { get; } = new(
        "report-interval", "DURATION", "10s", "Time between two reports: 1s to 5m.");

    public static SensorFlag ProcDirectory { get; } = new(
        "proc-dir", "DIR", "/proc", "Where the /proc of the node is mounted.");

    public static SensorFlag CgroupDirectory { get; } = new(
        "cgroup-dir", "DIR", "/sys/fs/cgroup", "Where the /sys/fs/cgroup of the node is mounted.");

    public static SensorFlag LogLevel { get; } = new(
        "log-level", "LEVEL", "Information", "Trace, Debug, Information, Warning, Error, Critical or None.");

    /// <summary>In the order of the help.</summary>
    public static ImmutableArray<SensorFlag> All { get; } =
        [MapperUrl, TokenFile, CaFile, ReportInterval, ProcDirectory, CgroupDirectory, LogLevel];

    /// <summary>As it is written on the command line.</summary>
    public string Option => $"--{Name}";

    /// <summary>The environment variable, which the flag overrides.</summary>
    public string Variable => $"WAYLEAVE_SENSOR_{Name.Replace('-', '_').ToUpperInvariant()}";
}
