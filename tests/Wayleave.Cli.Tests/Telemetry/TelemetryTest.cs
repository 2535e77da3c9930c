using System.Text.Json.Nodes;
using Wayleave.Cli.Tests.Support;
using Wayleave.Testing.Time;

namespace Wayleave.Cli.Tests.Telemetry;

/// <summary>
/// Commands on a terminal with a folder for their state. Time stands still, so the end of a command waits for all of its telemetry, however
/// slow the machine is.
/// </summary>
public abstract class TelemetryTest : CliTest, IDisposable
{
    private static readonly string[] _shown = ["count", "noun", "verb", "modifiers"];

    private readonly DirectoryInfo _root = System.IO.Directory.CreateTempSubdirectory("wayleave-state-");

    protected TelemetryTest() => Directory = Path.Combine(_root.FullName, "state", "wayleave");

    internal string Directory { get; set; }

    internal ManualTimeProvider Time { get; } = new();

    internal bool IsErrorTerminal { get; set; } = true;

    internal string StateFile => Path.Combine(Directory, "telemetry.json");

    internal JsonNode State => JsonNode.Parse(File.ReadAllText(StateFile))!;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    internal override CliEnvironment Configure(CliEnvironment environment) =>
        environment with { Time = Time, StateDirectory = Directory, IsErrorTerminal = IsErrorTerminal };

    /// <summary>Runs the first command, which shows the notice and is not counted.</summary>
    internal async Task ShowNoticeAsync() => (await RunAsync("version", "--client")).Error.ShouldNotBeEmpty();

    /// <summary>What waits, as "count noun verb modifiers", by <c>telemetry show</c>.</summary>
    internal async Task<IReadOnlyList<string>> WaitingAsync() =>
    [
        .. (await RunAsync("telemetry", "show")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!["attributes"]!)
            .Select(record => string.Join(' ', _shown.Select(key => record[key]).OfType<JsonNode>())),
    ];

    protected virtual void Dispose(bool disposing) => _root.Delete(recursive: true);
}
