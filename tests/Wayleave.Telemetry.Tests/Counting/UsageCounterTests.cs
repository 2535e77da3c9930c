using System.Reflection;
using System.Reflection.Emit;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Tests.Support;

namespace Wayleave.Telemetry.Tests.Counting;

public sealed class UsageCounterTests
{
    private readonly UsageCounter _counter = new(countUsage: true, countErrors: true);

    [Fact]
    public void Adds_up_counts_and_drains_them_once()
    {
        _counter.Add(UsageCatalog.IntentsApplied, 3);
        _counter.Add(UsageCatalog.IntentsApplied);
        _counter.Add(UsageCatalog.IntentsDeleted);

        var counts = _counter.Drain();

        counts[Sample.Key(UsageCatalog.IntentsApplied)].ShouldBe(4);
        counts[Sample.Key(UsageCatalog.IntentsDeleted)].ShouldBe(1);
        _counter.Drain().IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Ignores_a_count_that_is_not_positive()
    {
        _counter.Add(UsageCatalog.IntentsApplied, 0);
        _counter.Add(UsageCatalog.IntentsApplied, -5);

        _counter.Drain().IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Throws_when_a_planned_event_is_counted()
    {
        foreach (var planned in UsageCatalog.All.Where(usage => usage.IsPlanned))
        {
            Should.Throw<ArgumentException>(() => _counter.Add(planned));
        }
    }

    [Fact]
    public void Throws_when_an_error_is_added_without_component_and_type() =>
        Should.Throw<ArgumentException>(() => _counter.Add(UsageCatalog.Errors));

    [Fact]
    public void Throws_when_a_command_is_added_without_its_name() =>
        Should.Throw<ArgumentException>(() => _counter.Add(UsageCatalog.CliCommand));

    [Fact]
    public void Counts_commands_beyond_the_bound_without_their_modifiers()
    {
        var options = CountedCommandCatalog.Modifiers;
        var counts = (from first in options from second in options where string.CompareOrdinal(first, second) < 0 select (first, second))
            .Aggregate(UsageCountMap.None, (sum, pair) => sum.Add(Command(pair.first, pair.second), 1));

        var keys = counts.InOrder().Select(entry => entry.Key.Command!.Modifiers).ToList();
        keys.Count.ShouldBe(UsageCountMap.MaximumCommands + 1);
        keys.ShouldContain("");
        counts.Sum.ShouldBe(options.Length * (options.Length - 1) / 2);

        static UsageKey Command(string first, string second) =>
            new(UsageCatalog.CliCommand, Command: CountedCommand.CreateOrNull("intents", "list", [first, second]));
    }

    [Fact]
    public void Counts_only_errors_when_usage_is_disabled()
    {
        var counter = new UsageCounter(countUsage: false, countErrors: true);
        foreach (var usage in UsageCatalog.All.Where(usage =>
            usage is { IsPlanned: false, Emitter: ComponentType.Operator } && usage.Class != UsageClass.Error))
        {
            counter.Add(usage);
        }

        counter.CountError(ErrorComponent.Kubernetes, typeof(IOException));

        counter.Drain().InOrder().ShouldHaveSingleItem().Key.Event.ShouldBe(UsageCatalog.Errors);
    }

    [Fact]
    public void Counts_no_errors_when_errors_are_disabled()
    {
        var counter = new UsageCounter(countUsage: true, countErrors: false);
        counter.CountError(ErrorComponent.Kubernetes, typeof(IOException));

        counter.Drain().IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Counts_errors_by_component_and_type_name()
    {
        _counter.CountError(ErrorComponent.Intents, typeof(IOException));
        _counter.CountError(ErrorComponent.Intents, typeof(IOException));
        _counter.CountError(ErrorComponent.Clusters, typeof(IOException));
        _counter.CountError(ErrorComponent.Clusters, typeof(string));

        var counts = _counter.Drain().InOrder();
        counts.Select(entry => (entry.Key.Error!.Component, entry.Key.Error.Exception.Value, entry.Value)).ShouldBe(
        [
            (ErrorComponent.Intents, "IOException", 2L),
            (ErrorComponent.Clusters, "IOException", 1L),
            (ErrorComponent.Clusters, "Other", 1L),
        ]);
    }

    [Fact]
    public void Counts_errors_as_Other_above_the_limit_of_origins()
    {
        const int Types = 200;
        foreach (var type in ExceptionTypes(Types))
        {
            _counter.CountError(ErrorComponent.Intents, type);
        }

        var counts = _counter.Drain();

        counts.Sum.ShouldBe(Types);
        counts.InOrder().Count().ShouldBeLessThanOrEqualTo(UsageCountMap.MaximumErrorOrigins + 1);
        _counter.CountError(ErrorComponent.Kubernetes, ExceptionTypes(1)[0]);
        _counter.Drain().InOrder().ShouldHaveSingleItem().Key.Error!.Exception.Value.ShouldBe("Other");
    }

    [Fact]
    public void Counting_allocates_nothing()
    {
        // The runtime may allocate on this thread once or twice, while it recompiles a method. Counting would allocate in every run.
        Enumerable.Range(0, 5).Min(_ => AllocatedByCounting()).ShouldBe(0);
    }

    [Fact]
    public async Task Counts_everything_once_while_threads_add_and_another_drains()
    {
        const int Threads = 4;
        const int Each = 50_000;
        using var done = new CancellationTokenSource();
        var taken = UsageCountMap.None;
        var taker = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                taken = taken.Add(_counter.Drain());
            }
        });

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (var index = 0; index < Each; index++)
            {
                _counter.Add(UsageCatalog.IntentsApplied, 2);
                _counter.CountError(ErrorComponent.Intents, typeof(IOException));
            }
        })));
        await done.CancelAsync();
        await taker;

        var counts = taken.Add(_counter.Drain());
        counts[Sample.Key(UsageCatalog.IntentsApplied)].ShouldBe(2L * Threads * Each);
        counts[Sample.Error(ErrorComponent.Intents, typeof(IOException))].ShouldBe((long)Threads * Each);
    }

    [Fact]
    public void NoUsageCounter_accepts_invalid_calls_without_throwing()
    {
        var counter = new NullUsageCounter();

        Should.NotThrow(() =>
        {
            counter.Add(UsageCatalog.Errors);
            counter.CountError(ErrorComponent.Kubernetes, typeof(string));
        });
    }

    private long AllocatedByCounting()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        CountOften();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private void CountOften()
    {
        for (var index = 0; index < 10_000; index++)
        {
            _counter.Add(UsageCatalog.NetworkPoliciesCreated);
            _counter.CountError(ErrorComponent.Kubernetes, typeof(IOException));
        }
    }

    private static IReadOnlyList<Type> ExceptionTypes(int count)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Exceptions"), AssemblyBuilderAccess.Run);
        var module = assembly.DefineDynamicModule("Exceptions");
        return [.. Enumerable.Range(0, count).Select(Define)];

        Type Define(int index) => module.DefineType($"Number{index}Exception", TypeAttributes.Public, typeof(Exception)).CreateType();
    }
}
