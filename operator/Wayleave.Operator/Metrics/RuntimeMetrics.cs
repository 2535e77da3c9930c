using System.Diagnostics.Metrics;

namespace Wayleave.Operator.Metrics;

/// <summary>
/// Garbage collection and threads, read on each scrape, under the names of OpenTelemetry's conventions for .NET. The meter of .NET itself
/// reports the size of the thread pool as a counter.
/// </summary>
internal static class RuntimeMetrics
{
    private static readonly string[] _generations = ["gen0", "gen1", "gen2"];

    public static void AddTo(Meter meter)
    {
        AddGarbageCollection(meter);
        AddThreads(meter);
    }

    private static void AddGarbageCollection(Meter meter)
    {
        meter.CreateObservableCounter("dotnet_gc_collections_total", CountCollections, description: "Garbage collections by generation.");
        meter.CreateObservableCounter(
            "dotnet_gc_pause_time_seconds_total",
            () => GC.GetTotalPauseDuration().TotalSeconds,
            "s",
            "Time that the program was paused for garbage collection.");
        meter.CreateObservableCounter(
            "dotnet_gc_heap_total_allocated_bytes_total", () => GC.GetTotalAllocatedBytes(), "By", "Bytes allocated on the managed heap.");
        meter.CreateObservableGauge(
            "dotnet_gc_last_collection_memory_committed_size_bytes",
            () => GC.GetGCMemoryInfo().TotalCommittedBytes,
            "By",
            "Memory that the managed heap had committed at the last garbage collection.");
    }

    private static void AddThreads(Meter meter)
    {
        meter.CreateObservableGauge("dotnet_thread_pool_thread_count", () => ThreadPool.ThreadCount, description: "Threads of the thread pool.");
        meter.CreateObservableGauge(
            "dotnet_thread_pool_queue_length",
            () => ThreadPool.PendingWorkItemCount,
            description: "Work items that wait for a thread of the thread pool.");
        meter.CreateObservableCounter(
            "dotnet_thread_pool_work_item_count_total",
            () => ThreadPool.CompletedWorkItemCount,
            description: "Work items that the thread pool has completed.");
        meter.CreateObservableCounter(
            "dotnet_monitor_lock_contentions_total", () => Monitor.LockContentionCount, description: "Times that a thread waited for a lock.");
    }

    // The runtime counts the collection of a generation as one of each younger generation too.
    private static IEnumerable<Measurement<int>> CountCollections()
    {
        var older = 0;
        for (var generation = _generations.Length - 1; generation >= 0; generation--)
        {
            var count = GC.CollectionCount(generation);
            yield return new Measurement<int>(count - older, new KeyValuePair<string, object?>("gc_heap_generation", _generations[generation]));
            older = count;
        }
    }
}
