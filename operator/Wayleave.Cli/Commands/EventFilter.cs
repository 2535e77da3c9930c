using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using Wayleave.EventStore.Events;
using Wayleave.Settings;

namespace Wayleave.Cli.Commands;

/// <summary>The options that choose events.</summary>
internal sealed class EventFilter
{
    private const int RunLength = 32;
    private const string Times = "a duration like 30m, 1h30m or 7d, or a time like 2026-01-31T08:00:00Z";

    private static readonly string[] _timeFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    // The kinds that events are about, as the operator names them, and their other names in kubectl.
    private static readonly Dictionary<string, string> _kinds = new(StringComparer.Ordinal)
    {
        ["ci"] = "clientintents",
        ["clientintent"] = "clientintents",
        ["protectedservices"] = "protectedservice",
        ["ps"] = "protectedservice",
        ["enforcementpolicies"] = "enforcementpolicy",
        ["enp"] = "enforcementpolicy",
        ["kafkaserverconfigs"] = "kafkaserverconfig",
        ["ksc"] = "kafkaserverconfig",
        ["clusters"] = "cluster",
        ["wcl"] = "cluster",
        ["networkpolicies"] = "networkpolicy",
        ["netpol"] = "networkpolicy",
        ["services"] = "service",
        ["svc"] = "service",
        ["namespaces"] = "namespace",
        ["ns"] = "namespace",
        ["pods"] = "pod",
        ["po"] = "pod",
        ["deployments"] = "deployment",
        ["deploy"] = "deployment",
        ["statefulsets"] = "statefulset",
        ["sts"] = "statefulset",
        ["daemonsets"] = "daemonset",
        ["ds"] = "daemonset",
    };

    public EventFilter() => Type.CompletionSources.Add(
        _ => EventCatalog.All.Select(type => new CompletionItem(type.Name, documentation: type.Summary)));

    public Option<string?> Since { get; } = CommonOptions.Create<string?>(
        "--since", "TIME", $"Only events at or after this time: {Times}. Defaults to 1h.");

    public Option<string?> Until { get; } = CommonOptions.Create<string?>(
        "--until", "TIME", "Only events before this time, in the same form. Defaults to now.");

    public Option<string[]> Type { get; } = CommonOptions.Create<string[]>(
        "--type", "TYPE[,TYPE]", $"Only events of these types: {string.Join(", ", EventCatalog.All.Select(type => type.Name))}. Can be repeated.");

    public Option<string?> Subject { get; } = CommonOptions.Create<string?>(
        "--subject", "KIND[/NAMESPACE][/NAME]", "Only events about this object, or, with fewer parts, about all objects in this namespace or of this kind.");

    public Option<string?> Run { get; } = CommonOptions.Create<string?>(
        "--run", "ID", "Only events of this reconcile or of those that it caused: the trace ID, as in log lines and Kubernetes Events.");

    public Option<string?> Session { get; } = CommonOptions.Create<string?>(
        "--session", "NAME", "Only events of this replica and term of leadership, for example wayleave-7d9f/4.");

    public Option<string?> Limit { get; } = CommonOptions.Create<string?>(
        "--limit", "NUMBER", $"Maximum number of events to show, 1 to {EventQuery.MaxLimit}. Defaults to 100.");

    /// <exception cref="CliException">The value of an option is invalid.</exception>
    public EventQuery Read(CommandRun run)
    {
        var since = ReadTime(Since, run.Get(Since) ?? "1h", run.Now);
        var until = run.Get(Until) is { } end ? ReadTime(Until, end, run.Now) : (DateTimeOffset?)null;
        return until <= since
            ? throw Invalid(Since, run.Get(Since) ?? "1h", "is not before --until", "use an earlier time")
            : new EventQuery
            {
                Since = since,
                Until = until,
                Types = ReadTypes(run.Get(Type) ?? []),
                Subject = run.Get(Subject) is { } subject ? ReadSubject(subject) : null,
                Run = run.Get(Run) is { } id ? ReadRun(id) : null,
                Session = run.Get(Session),
                Limit = run.Get(Limit) is { } limit ? ReadLimit(limit) : new EventQuery().Limit,
            };
    }

    private static DateTimeOffset ReadTime(Option option, string text, DateTimeOffset now)
    {
        if (ReadDuration(text) is { } ago)
        {
            return now - ago;
        }

        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParseExact(text, _timeFormats, CultureInfo.InvariantCulture, Utc, out var time)
            ? time
            : throw Invalid(option, text, "is neither a duration of at most ten years nor a time in RFC 3339", $"use {Times}");
    }

    // Events are kept for days, which durations of Go do not have.
    private static TimeSpan? ReadDuration(string text) =>
        !text.EndsWith('d') ? DurationFormat.ParseOrNull(text)
            : int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= 3650
                ? TimeSpan.FromDays(days)
                : null;

    private string[] ReadTypes(IEnumerable<string> values)
    {
        const StringSplitOptions Trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        string[] types = [.. values.SelectMany(value => value.Split(',', Trimmed)).Distinct()];
        return Array.Find(types, type => EventCatalog.Find(type) is null) is { } unknown
            ? throw Invalid(
                Type, unknown, "is not a type of event", $"use one of {string.Join(", ", EventCatalog.All.Select(type => type.Name))}")
            : types;
    }

    private string ReadSubject(string text)
    {
        var parts = text.ToLowerInvariant().Split('/');
        if (parts.Length > 3 || parts.Any(part => part.Length == 0 || part.Any(letter => letter is <= ' ' or > '~')))
        {
            throw Invalid(Subject, text, "is not an object", "use KIND/NAMESPACE/NAME, KIND/NAMESPACE, KIND/NAME or KIND");
        }

        parts[0] = _kinds.GetValueOrDefault(parts[0], parts[0]);
        return string.Join('/', parts);
    }

    private string ReadRun(string text) => text.Length == RunLength && text.All(char.IsAsciiHexDigit)
        ? text.ToLowerInvariant()
        : throw Invalid(Run, text, "is not the ID of a reconcile", $"use all {RunLength} hexadecimal digits, which -o wide shows");

    private int ReadLimit(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is > 0 and <= EventQuery.MaxLimit
            ? limit
            : throw Invalid(Limit, text, "is not a number of events", $"use 1 to {EventQuery.MaxLimit}");

    private static CliException Invalid(Option option, string value, string what, string fix) =>
        new($"{option.Name}: \"{value}\" {what}; {fix}", ExitCodes.BadUsage);
}
