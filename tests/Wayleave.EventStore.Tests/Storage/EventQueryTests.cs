using FsCheck;
using FsCheck.Fluent;
using Wayleave.EventStore.Events;
using Wayleave.EventStore.Publishing;
using Wayleave.EventStore.Tests.Support;

namespace Wayleave.EventStore.Tests.Storage;

/// <summary>Compares answers with a plain LINQ query over the events that were appended.</summary>
public sealed class EventQueryTests : StoreTest
{
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] _runs = ["run-a", "run-b", "run-c"];
    private static readonly EventPayload[] _payloads =
        [new LeadershipGained(), new PolicyRejected("shop", "egress", null, 403), new CachesSynced(1.5), new StatusWritten(3, "True", "Applied")];

    private static readonly EventSubject[] _subjects =
    [
        new("ClientIntents", "shop", "cart"), new("ClientIntents", "shop", "checkout"), new("ClientIntents", "shop-eu", "cart"),
        new("ClientIntents", "shop0", "cart"), new("NetworkPolicy", "shop", "cart"), new("Cluster", null, "west"),
    ];

    private static readonly string[] _subjectFilters =
        ["clientintents", "clientintents/shop", "clientintents/shop/cart", "cluster/west", "cluster", "client", "clientintents/shop/", "nothing", "%", "'"];

    private static Gen<PublishedEvent> Events { get; } =
        from hour in Gen.Choose(0, 95)
        from millisecond in Gen.Choose(0, 3)
        from payload in Gen.Elements(_payloads)
        from subjects in Gen.ListOf(Gen.Elements(_subjects))
        from run in Gen.Elements((string?[])[null, .. _runs])
        from parent in Gen.Elements((string?[])[null, .. _runs])
        from session in Gen.Elements("wayleave-0/1", "wayleave-1/2")
        from component in Gen.Elements("operator", "mapper")
        from provenance in Gen.Elements(EventProvenance.Direct, EventProvenance.Inferred)
        select new PublishedEvent
        {
            Time = _start.AddHours(hour).AddMilliseconds(millisecond).AddMicroseconds(hour),
            Payload = payload,
            Subjects = subjects,
            Provenance = provenance,
            Run = run,
            ParentRun = parent,
            Session = session,
            Component = component,
        };

    private static Gen<EventQuery> Queries { get; } =
        from since in OrNull(Gen.Choose(-1, 96).Select(hour => _start.AddHours(hour)))
        from until in OrNull(Gen.Choose(0, 97).Select(hour => _start.AddHours(hour).AddMicroseconds(1500)))
        from types in Gen.SubListOf("leadership_gained", "policy_rejected", "caches_synced", "status_written", "no_such_type")
        from allTypes in Gen.Elements(true, false)
        from subject in Gen.Elements((string?[])[null, null, null, .. _subjectFilters])
        from run in Gen.Elements((string?[])[null, null, .. _runs, "run"])
        from session in Gen.Elements(null, null, "wayleave-0/1")
        from component in Gen.Elements(null, null, "mapper")
        from limit in Gen.Choose(1, 40)
        select new EventQuery
        {
            Since = since,
            Until = until,
            Types = allTypes ? [] : [.. types],
            Subject = subject,
            Run = run,
            Session = session,
            Component = component,
            Limit = limit,
        };

    [Theory]
    [InlineData(200, 0)]
    [InlineData(0, 200)]
    [InlineData(150, 100)]
    public void Answers_like_the_model_page_by_page(int onDisk, int inMemory)
    {
        var store = Open();
        var events = Events.Sample(onDisk + inMemory).ToList();
        store.Append([.. events.Take(onDisk)]);
        using var blocker = new FolderBlocker(Folder);
        store.Append([.. events.Skip(onDisk)]);
        store.IsInMemory.ShouldBe(inMemory > 0);
        Prop.ForAll(Queries.ToArbitrary(), query =>
        {
            var expected = Model(events, query);
            Ids(store.Read(query, CancellationToken.None)).ShouldBe(expected.Take(query.Limit));
            Ids(ReadAll(store, query)).ShouldBe(expected);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Returns_every_field()
    {
        var store = Open();
        var published = Event(new PolicyRejected("shop", "egress", "west", 403), new EventSubject("ClientIntents", "shop", "cart")) with
        {
            Run = "0123",
            ParentRun = "4567",
            Provenance = EventProvenance.Inferred,
        };
        store.Append([published]);

        var item = store.Read(new EventQuery(), CancellationToken.None).ShouldHaveSingleItem();
        item.Id.ShouldBe(published.Id);
        item.Type.ShouldBe("policy_rejected");
        item.Time.ShouldBe(Time.GetUtcNow());
        item.Run.ShouldBe("0123");
        item.ParentRun.ShouldBe("4567");
        item.Session.ShouldBe("wayleave-0");
        item.Component.ShouldBe("operator");
        item.Provenance.ShouldBe(EventProvenance.Inferred);
        item.Subjects.ShouldBe(["clientintents/shop/cart"]);
        item.Payload.GetRawText().ShouldBe("""{"namespace":"shop","name":"egress","cluster":"west","statusCode":403}""");
    }

    [Fact]
    public void Keeps_ten_subjects_of_an_event()
    {
        var store = Open();
        store.Append([Event(new LeadershipGained(), [.. Enumerable.Range(0, 11).Select(i => new EventSubject("Cluster", null, $"c{i}"))])]);
        ReadAll(store, new EventQuery { Subject = "cluster/c9" }).ShouldHaveSingleItem().Subjects.Count.ShouldBe(10);
        ReadAll(store, new EventQuery { Subject = "cluster/c10" }).ShouldBeEmpty();
    }

    [Fact]
    public void Returns_a_limited_number_of_events()
    {
        var store = Open();
        store.Append([.. Enumerable.Range(0, 1200).Select(_ => Audit())]);
        store.Read(new EventQuery(), CancellationToken.None).Count.ShouldBe(100);
        store.Read(new EventQuery { Limit = 5000 }, CancellationToken.None).Count.ShouldBe(EventQuery.MaxLimit);
        store.Read(new EventQuery { Limit = 0 }, CancellationToken.None).Count.ShouldBe(1);
    }

    [Fact]
    public void Stops_when_canceled()
    {
        var store = Open();
        store.Append([Audit()]);
        Should.Throw<OperationCanceledException>(() => store.Read(new EventQuery(), new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Is_empty_without_a_folder() => ReadAll(Open(folder: Path.Combine(Folder, "none"))).ShouldBeEmpty();

    private static IReadOnlyList<string> Model(IEnumerable<PublishedEvent> events, EventQuery query) =>
    [
        .. events.Select(published => (Published: published, Time: DateTimeOffset.FromUnixTimeMilliseconds(published.Time.ToUnixTimeMilliseconds())))
            .Where(item => query.Since is null || item.Time >= query.Since)
            .Where(item => query.Until is null || item.Time < query.Until)
            .Where(item => query.Types.Count == 0 || query.Types.Contains(EventCatalog.Get(item.Published.Payload).Name))
            .Where(item => query.Run is null || item.Published.Run == query.Run || item.Published.ParentRun == query.Run)
            .Where(item => query.Session is null || item.Published.Session == query.Session)
            .Where(item => query.Component is null || item.Published.Component == query.Component)
            .Where(item => query.Subject is null || item.Published.Subjects.Take(10).Any(
                subject => subject.ToString() == query.Subject || subject.ToString().StartsWith(query.Subject + "/", StringComparison.Ordinal)))
            .OrderByDescending(item => item.Time).ThenByDescending(item => item.Published.Id, StringComparer.Ordinal)
            .Select(item => item.Published.Id),
    ];

    private static Gen<DateTimeOffset?> OrNull(Gen<DateTimeOffset> values) =>
        Gen.OneOf(Gen.Constant((DateTimeOffset?)null), values.Select(value => (DateTimeOffset?)value));
}
