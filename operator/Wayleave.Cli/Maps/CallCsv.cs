using System.Globalization;
using System.Text;
using Wayleave.Observation.Proposals;

namespace Wayleave.Cli.Maps;

/// <summary>Writes calls as comma-separated values, one on a line.</summary>
internal static class CallCsv
{
    private static readonly string[] _columns =
    [
        "namespace", "client_kind", "client", "target_type", "target", "ports", "service", "class", "outcome", "declared", "sources",
        "first", "last", "connections", "ambiguous", "addresses",
    ];

    public static string Write(IEnumerable<SeenCall> calls, DeclarationIndex declared)
    {
        var text = new StringBuilder();
        AppendRow(text, _columns);
        foreach (var call in calls)
        {
            AppendRow(text,
            [
                call.Client.Namespace, call.Client.Kind, call.Client.Name, call.TargetType, call.TargetName,
                Join(call.Ports.Select(port => port.ToString())),
                call.Call.Service, call.Call.Class, call.Call.Outcome, declared.IsDeclared(call) ? "true" : "false",
                Join(call.Call.Sources), Time(call.Call.First), Time(call.Call.Last), call.Call.Connections,
                call.Call.Ambiguous == true ? "true" : "false", Join(call.Call.Addresses ?? []),
            ]);
        }

        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string?> cells) => text.AppendJoin(',', cells.Select(Cell)).Append('\n');

    // A spreadsheet takes a cell that starts with one of these for a formula.
    private static string Cell(string? text)
    {
        var safe = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{text}" : text ?? "";
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string Join(IEnumerable<string> texts) => string.Join(' ', texts);

    private static string Time(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
