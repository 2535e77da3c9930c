using System.Diagnostics;
using System.Text;
using k8s.Models;
using Wayleave.Kubernetes.Serialization;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.Events;

public sealed class EventRecorderTests : IAsyncDisposable
{
    private readonly RunningRecorder _running = new();

    public async ValueTask DisposeAsync() => await _running.DisposeAsync();

    [Fact]
    public async Task Creates_an_Event_with_its_object_reason_note_and_reporter()
    {
        await _running.SendAsync(() => _running.Record());

        var sent = _running.Api.Created.ShouldHaveSingleItem();
        sent.Metadata.Name!.ShouldStartWith("checkout.");
        sent.Metadata.NamespaceProperty.ShouldBe("shop");
        (sent.Type, sent.Reason, sent.Action, sent.Note).ShouldBe(("Warning", "AmbiguousWorkload", "Resolve", "two kinds are called cart"));
        (sent.ReportingController, sent.ReportingInstance).ShouldBe(("wayleave.dev/operator", "wayleave-7d9f"));
        (sent.EventTime, sent.Regarding!.Uid, sent.Series).ShouldBe((MicroTime.Now(_running.Time), "uid-checkout", null));
    }

    [Fact]
    public async Task Patches_the_series_of_the_first_Event_when_it_repeats()
    {
        await _running.SendAsync(() => _running.Record());
        _running.Time.Advance(TimeSpan.FromMinutes(9));
        await _running.SendAsync(() => _running.Record());
        _running.Time.Advance(TimeSpan.FromMinutes(9));
        await _running.SendAsync(() => _running.Record());

        var first = _running.Api.Created.ShouldHaveSingleItem();
        _running.Api.Patches.Select(patch => (patch.Namespace, patch.Name, patch.Change.Series!.Count))
            .ShouldBe([("shop", first.Metadata.Name!, 2), ("shop", first.Metadata.Name!, 3)]);
        _running.Api.Patches[1].Change.Series!.LastObservedTime.ShouldBe(MicroTime.Now(_running.Time));
        _running.Api.Patches[1].Change.EventTime.ShouldBeNull("only the series is changed");
    }

    [Fact]
    public async Task Annotates_an_Event_with_the_trace_ID_of_its_reconcile_and_a_series_with_the_last()
    {
        const string Annotation = "wayleave.dev/trace-id";
        var ids = new List<string>();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            using var reconcile = new Activity("reconcile").Start();
            ids.Add(reconcile.TraceId.ToHexString());
            await _running.SendAsync(() => _running.Record());
        }

        _running.Api.Created.ShouldHaveSingleItem().Metadata.Annotations.ShouldBe([new(Annotation, ids[0])]);
        _running.Api.Patches.ShouldHaveSingleItem().Change.Metadata.Annotations.ShouldBe([new(Annotation, ids[1])]);
        ids[0].ShouldNotBe(ids[1]);
    }

    [Fact]
    public async Task An_Event_of_no_reconcile_has_no_annotation()
    {
        Activity.Current = null;

        await _running.SendAsync(() => _running.Record());

        _running.Api.Created[0].Metadata.Annotations.ShouldBeNull();
    }

    [Fact]
    public async Task Creates_a_new_Event_when_it_repeats_after_more_than_ten_minutes()
    {
        await _running.SendAsync(() => _running.Record());
        _running.Time.Advance(TimeSpan.FromMinutes(10.1));
        await _running.SendAsync(() => _running.Record());

        _running.Api.Created.Count.ShouldBe(2);
        _running.Api.Created[0].Metadata.Name.ShouldNotBe(_running.Api.Created[1].Metadata.Name);
    }

    [Fact]
    public async Task Creates_another_Event_for_another_note_type_reason_or_object()
    {
        await _running.SendAsync(() => _running.Record());
        await _running.SendAsync(() => _running.Record(note: "three kinds are called cart"));
        await _running.SendAsync(() => _running.Record(type: "Normal"));
        await _running.SendAsync(() => _running.Record(reason: "WorkloadNotFound"));
        await _running.SendAsync(() => _running.Record(name: "payment"));

        _running.Api.Created.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Distinguishes_objects_without_a_UID_by_name_and_namespace()
    {
        foreach (var (name, @namespace) in new[] { ("a", "shop"), ("b", "shop"), ("a", "billing"), ("a", "shop") })
        {
            await _running.SendAsync(() => _running.Record(
                new V1ObjectReference { Kind = "ClientIntents", Name = name, NamespaceProperty = @namespace }));
        }

        _running.Api.Created.Count.ShouldBe(3);
        _running.Api.Patches.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Creates_an_Event_again_that_was_deleted_before_it_repeats()
    {
        await _running.SendAsync(() => _running.Record());
        _running.Api.Expired.Add(_running.Api.Created[0].Metadata.Name!);

        await _running.SendAsync(() => _running.Record());
        await _running.SendAsync(() => _running.Record());

        _running.Api.Created.Count.ShouldBe(2);
        _running.Api.Patches.ShouldHaveSingleItem().Name.ShouldBe(_running.Api.Created[1].Metadata.Name!);
        _running.Dropped.ShouldBe(0);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Creates_the_Event_of_a_cluster_scoped_object_in_the_default_namespace(string? @namespace)
    {
        var regarding = new V1ObjectReference { Kind = "Cluster", Name = "east", NamespaceProperty = @namespace, Uid = "u" };

        await _running.SendAsync(() => _running.Record(regarding));
        await _running.SendAsync(() => _running.Record(regarding));

        _running.Api.Created.ShouldHaveSingleItem().Metadata.NamespaceProperty.ShouldBe("default");
        _running.Api.Patches.ShouldHaveSingleItem().Namespace.ShouldBe("default");
    }

    [Theory]
    [InlineData("x", 1024)]
    [InlineData("ä", 1024)]
    [InlineData("😀", 1024)]
    [InlineData("€", 1023)]
    public async Task Truncates_a_note_to_1024_bytes_without_splitting_a_character(string letter, int bytes)
    {
        await _running.SendAsync(() => _running.Record(note: string.Concat(Enumerable.Repeat(letter, 2000))));

        var note = _running.Api.Created[0].Note!;
        Encoding.UTF8.GetByteCount(note).ShouldBe(bytes);
        note.Replace(letter, "").ShouldBe("", "no character is split");
    }

    [Fact]
    public async Task Truncates_the_reporting_instance_to_128_characters()
    {
        await using var running = new RunningRecorder(new string('p', 200));

        await running.SendAsync(() => running.Record());

        running.Api.Created[0].ReportingInstance!.Length.ShouldBe(128);
    }

    [Fact]
    public async Task Builds_a_valid_Event_name_from_a_long_object_name()
    {
        await _running.SendAsync(() => _running.Record(name: new string('n', 199) + "." + new string('n', 50)));

        var name = _running.Api.Created[0].Metadata.Name!;
        name.Length.ShouldBeLessThanOrEqualTo(253);
        name.ShouldNotContain("..");
    }

    [Fact]
    public async Task Remembers_a_recent_series_after_more_than_a_thousand_Events()
    {
        for (var count = 0; count < 1030; count++)
        {
            await _running.SendAsync(() => _running.Record(note: $"note {count}"));
        }

        await _running.SendAsync(() => _running.Record(note: "note 1029"));

        _running.Api.Created.Count.ShouldBe(1030);
        _running.Api.Patches.ShouldHaveSingleItem();
    }
}
