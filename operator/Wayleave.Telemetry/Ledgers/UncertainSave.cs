namespace Wayleave.Telemetry.Ledgers;

/// <summary>A save of which it is not known whether it was done: the call failed, but perhaps only its answer was lost.</summary>
/// <param name="Ledger">What was to be stored.</param>
/// <param name="CountedSince">What was counted since, and so is not in it.</param>
internal sealed record UncertainSave(Ledger Ledger, UsageDelta CountedSince)
{
    public bool Is(IReadOnlyDictionary<string, string> entries)
    {
        var mine = LedgerFormat.Write(Ledger);
        return mine.Count == entries.Count && mine.All(entry => entries.TryGetValue(entry.Key, out var text) && text == entry.Value);
    }
}
