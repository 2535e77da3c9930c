using System.CommandLine;
using Wayleave.Cli.Commands;
using Wayleave.Cli.Reports;
using Wayleave.Enforcement.Workloads;
using Wayleave.Observation.Proposals;

namespace Wayleave.Cli.Maps;

/// <summary>The options that several commands of <c>map</c> have. One instance for each command.</summary>
internal sealed class MapFilterOptions
{
    private const string Attempts = "attempts";
    private const string Infrastructure = "infrastructure";

    public Option<string?> Client { get; } = CommonOptions.Create<string?>(
        "--client", "WORKLOAD", $"Only calls of this workload: {WorkloadName.Forms}.");

    public Option<string?> Server { get; } = CommonOptions.Create<string?>(
        "--server", "TARGET", "Only calls to this workload, in the same form, or to this domain or address.");

    public Option<int> MinDays { get; } = CommonOptions.Create<int>(
        "--min-days", "DAYS", "Only calls whose first and last sighting are at least this many days apart.");

    public Option<bool> Undeclared { get; } = new("--undeclared") { Description = "Only calls that no ClientIntents declares." };

    public Option<bool> IncludeInfrastructure { get; } = new("--include-infrastructure")
    {
        Description = "Include calls from and to components of the cluster, such as DNS and monitoring.",
    };

    public Option<string[]> Include { get; } = CommonOptions.Restrict(
        new Option<string[]>("--include")
        {
            Description =
                "Calls to add to the answered calls of applications: attempts, which were refused or not answered, or infrastructure,"
                    + " which are from and to components of the cluster. Can be repeated.",
        },
        Attempts, Infrastructure);

    /// <summary>The client that was asked for. Null for all.</summary>
    public WorkloadName? ReadClient(CommandRun run) => run.Get(Client) is { } text ? WorkloadName.Parse(text, run.Namespace) : null;

    /// <summary>The namespace whose objects are read. Null for all.</summary>
    public string? ReadNamespace(CommandRun run) => run.ListedNamespace is null ? null : ReadClient(run)?.Namespace ?? run.Namespace;

    /// <summary>The filter of <see cref="Client"/>, <see cref="Server"/>, <see cref="MinDays"/> and <see cref="Include"/>.</summary>
    public CallFilter ReadFilter(CommandRun run)
    {
        var included = run.Get(Include) ?? [];
        var days = run.Get(MinDays);
        return days is < 0 or > 36500
            ? throw new CliException($"--min-days: {days} is not a number of days; use 0 or more", ExitCodes.BadUsage)
            : new CallFilter
            {
                Client = ReadClient(run) is { } client ? id => IsNamed(client, id) : null,
                Target = run.Get(Server) is { } server ? CreateTarget(run, server) : null,
                MinimumAge = TimeSpan.FromDays(days),
                IncludesAttempts = included.Contains(Attempts),
                IncludesInfrastructure = included.Contains(Infrastructure),
            };
    }

    public static bool IsNamed(WorkloadName name, WorkloadId id) => name.Namespace == id.Namespace && name.Name == id.Name
        && (name.Kind is not { } kind || kind.Name() == id.Kind);

    private static Func<SeenCall, bool> CreateTarget(CommandRun run, string text)
    {
        var name = WorkloadName.Parse(text, run.Namespace);
        return call => (call.Server is { } server && IsNamed(name, server))
            || (call.Call.Target.Internet is { } internet
                && (internet.Domains?.Contains(text) == true || internet.Ips?.Contains(text) == true))
            || (call.Call.Target.Service is { } service
                && IsNamed(name, SeenCall.ReadName(service.Name, call.Client.Namespace, kind: null)));
    }
}
