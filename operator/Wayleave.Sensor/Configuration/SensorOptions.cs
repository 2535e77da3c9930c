using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Wayleave.Sensor.Configuration;

/// <summary>The validated options of the sensor.</summary>
/// <param name="get">Returns the text of a flag.</param>
/// <exception cref="OptionsException">A value cannot be used.</exception>
internal sealed class SensorOptions(Func<SensorFlag, string> get)
{
    public Uri Mapper { get; } = ReadMapper(get(SensorFlag.MapperUrl));

    public string TokenFile { get; } = get(SensorFlag.TokenFile) is { Length: > 0 } token
        ? token
        : throw new OptionsException(SensorFlag.TokenFile, "is missing", "set it to the file of the token for the mapper");

    /// <summary>Null for the authorities of the system.</summary>
    public string? CaFile { get; } = get(SensorFlag.CaFile) is { Length: > 0 } authorities ? authorities : null;

    public TimeSpan ReportInterval { get; } = ReadInterval(get(SensorFlag.ReportInterval));

    public string ProcDirectory { get; } =
        ReadDirectory(SensorFlag.ProcDirectory, get(SensorFlag.ProcDirectory), "self/net/tcp", "/proc");

    public string CgroupDirectory { get; } =
        ReadDirectory(SensorFlag.CgroupDirectory, get(SensorFlag.CgroupDirectory), ".", "/sys/fs/cgroup");

    public LogLevel LogLevel { get; } = ReadLogLevel(get(SensorFlag.LogLevel));

    private static Uri ReadMapper(string text)
    {
        const string Fix = "write it like https://wayleave-mapper.wayleave-system.svc:8443";
        if (text.Length == 0)
        {
            throw new OptionsException(SensorFlag.MapperUrl, "is missing", Fix);
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.Host.Length > 0
            && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0
                ? uri
                : throw new OptionsException(SensorFlag.MapperUrl, $"\"{text}\" is not an HTTPS address without a path", Fix);
    }

    private static TimeSpan ReadInterval(string text)
    {
        const int Lowest = 1;
        const int Highest = 300;
        var seconds = text.EndsWith('s') ? 1 : text.EndsWith('m') ? 60 : 0;
        if (seconds == 0 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw new OptionsException(SensorFlag.ReportInterval, $"\"{text}\" is not a duration", "write it like 10s or 1m");
        }

        return (long)number * seconds is >= Lowest and <= Highest
            ? TimeSpan.FromSeconds((long)number * seconds)
            : throw new OptionsException(SensorFlag.ReportInterval, $"{text} is out of range", "use 1s to 5m");
    }

    private static string ReadDirectory(SensorFlag flag, string path, string entry, string onNode) =>
        path.Length > 0 && Path.Exists($"{path}/{entry}")
            ? path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/"
            : throw new OptionsException(flag, $"\"{path}\" is not the {onNode} of a node", $"mount the {onNode} of the node, and name the folder");

    private static LogLevel ReadLogLevel(string text) =>
        Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) && Enum.IsDefined(level) && !int.TryParse(text, out _)
            ? level
            : throw new OptionsException(
                SensorFlag.LogLevel, $"\"{text}\" is unknown", $"use one of {string.Join(", ", Enum.GetNames<LogLevel>())}");
}

/// <summary>A value that cannot be used. The message names the flag, and says what is wrong and how to fix it.</summary>
internal sealed class OptionsException(SensorFlag flag, string what, string fix) : Exception($"{flag.Option}: {what}; {fix}");
