using System.Globalization;
using System.Runtime.InteropServices;

namespace Wayleave.Benchmarks.Reports;

/// <summary>The machine that the benchmarks ran on.</summary>
internal sealed record Machine(string Processor, int Processors, int MemoryMiB, string System, string Runtime)
{
    public static Machine Read() => new(
        Line("/proc/cpuinfo", "model name"),
        Environment.ProcessorCount,
        int.Parse(Line("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture) / 1024,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription);

    private static string Line(string file, string name) => File.ReadLines(file)
        .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "0";
}
