using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Wayleave.Testing;

namespace Wayleave.OneNode;

/// <summary>The measurements of a run, written to <c>artifacts/one-node.md</c>. No test asserts them.</summary>
internal sealed class Figures
{
    private readonly ConcurrentQueue<string> _rows = new();

    public void Add(string what, string value) => _rows.Enqueue($"| {what} | {value} |");

    public void AddMemory(string what, long bytes) => Add(what, string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0} MiB"));

    /// <summary>Measures how long something takes.</summary>
    public async Task<T> TimeAsync<T>(string what, Func<Task<T>> action)
    {
        var began = Stopwatch.GetTimestamp();
        var result = await action();
        Add(what, string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s"));
        return result;
    }

    /// <inheritdoc cref="TimeAsync{T}"/>
    public Task TimeAsync(string what, Func<Task> action) => TimeAsync(what, async () =>
    {
        await action();
        return what;
    });

    public async Task WriteAsync()
    {
        Directory.CreateDirectory(Checkout.PathOf("artifacts"));
        await File.WriteAllLinesAsync(Checkout.PathOf("artifacts", "one-node.md"), ["| on one node | measured |", "| --- | --- |", .. _rows]);
    }
}
