using Wayleave.Telemetry.Catalog;

namespace Wayleave.Cli.Telemetry;

/// <summary>How much a run used of something. A number, and nothing else of the result.</summary>
/// <param name="Event">An event of the catalog without attributes of its own, or that a command was run.</param>
/// <param name="Command">The command that was run. Null for other events.</param>
internal sealed record UsageAmount(UsageEvent Event, long Count, CountedCommand? Command = null);

/// <summary>What the command of one run used, beyond that it was run. A command sets it when its result is written.</summary>
internal sealed class CommandUsage
{
    /// <summary>What the command used. Null until it is set, and for commands that use nothing that is counted.</summary>
    public UsageAmount? Amount { get; private set; }

    public void Set(UsageEvent usage, long count) => Amount = new UsageAmount(usage, count);
}
