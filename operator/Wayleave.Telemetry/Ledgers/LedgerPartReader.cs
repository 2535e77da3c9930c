using System.Collections.Immutable;
using System.Text.Json;

namespace Wayleave.Telemetry.Ledgers;

/// <summary>Reads the parts of a stored ledger one by one and remembers which could not be read.</summary>
internal sealed class LedgerPartReader(IReadOnlyDictionary<string, string> entries)
{
    private readonly ImmutableArray<string>.Builder _unreadable = ImmutableArray.CreateBuilder<string>();

    public ImmutableArray<string> Unreadable => _unreadable.ToImmutable();

    /// <summary>The default if the part is absent or cannot be read.</summary>
    public T? Read<T>(string key, Func<string, T> read)
    {
        if (!entries.TryGetValue(key, out var text))
        {
            return default;
        }

        try
        {
            return read(text);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or JsonException)
        {
            _unreadable.Add(key);
            return default;
        }
    }
}
