using System.Net;
using System.Text.Json;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.Events;

/// <summary>What becomes of Events that cannot be recorded.</summary>
public sealed class EventRecorderTroubleTests : IAsyncDisposable
{
    private readonly RunningRecorder _running = new();

    public static TheoryData<Exception> Troubles =>
    [
        ApiErrors.Create(new V1Status { Reason = "Forbidden" }, HttpStatusCode.Forbidden),
        new HttpRequestException("refused"),
        new TimeoutException("no answer"),
        new JsonException("garbage"),
        new IOException("reset"),
        new WriteFencedException(),
    ];

    public async ValueTask DisposeAsync() => await _running.DisposeAsync();

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task An_event_that_cannot_be_recorded_is_dropped_and_counted_and_the_next_one_is_recorded(Exception trouble)
    {
        _running.Api.Trouble = () => trouble;
        await _running.SendAsync(() => _running.Record());
        _running.Api.Trouble = () => null;

        await _running.SendAsync(() => _running.Record());

        _running.Api.Created.Count.ShouldBe(1);
        _running.Dropped.ShouldBe(1);
        _running.Log.At(LogLevel.Warning).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_old_api_server_that_wants_a_namespace_of_an_object_that_has_none_is_told_the_events_own()
    {
        var refusals = 1;
        _running.Api.Trouble = () => refusals-- > 0 ? ApiErrors.Create(new V1Status { Reason = "Invalid" }, HttpStatusCode.UnprocessableEntity) : null;

        await _running.SendAsync(() => _running.Record(new V1ObjectReference { Kind = "EnforcementPolicy", Name = "strict", Uid = "uid" }));

        var created = _running.Api.Created.ShouldHaveSingleItem();
        (created.Metadata.NamespaceProperty, created.Regarding!.NamespaceProperty).ShouldBe(("default", "default"));
        _running.Dropped.ShouldBe(0);
    }

    [Fact]
    public async Task An_event_about_an_object_without_a_namespace_says_none_where_that_is_taken()
    {
        await _running.SendAsync(() => _running.Record(new V1ObjectReference { Kind = "EnforcementPolicy", Name = "strict", Uid = "uid" }));

        _running.Api.Created.ShouldHaveSingleItem().Regarding!.NamespaceProperty.ShouldBeNull();
    }

    [Fact]
    public async Task When_too_many_wait_the_newest_are_dropped_and_counted_and_nobody_waits()
    {
        for (var count = 0; count < 1010; count++)
        {
            _running.Record(note: $"note {count}");
        }

        _running.Dropped.ShouldBe(10);
        _running.Start();
        await Soon.UntilAsync("the events", () => _running.Api.Created.Count == 1000);
        _running.Api.Created[^1].Note.ShouldBe("note 999");
    }

    [Fact]
    public async Task Warns_every_five_minutes_for_as_long_as_no_event_can_be_recorded()
    {
        _running.Api.Trouble = () => ApiErrors.Create(new V1Status { Reason = "Forbidden" }, HttpStatusCode.Forbidden);
        for (var minute = 0; minute < 60; minute++)
        {
            await _running.SendAsync(() => _running.Record(note: $"note {minute}"));
            _running.Time.Advance(TimeSpan.FromMinutes(1));
        }

        _running.Log.At(LogLevel.Warning).Count.ShouldBe(12);
    }

    [Fact]
    public async Task Stopping_ends_it_even_while_the_api_server_does_not_answer()
    {
        _running.Api.Ready = new TaskCompletionSource().Task;
        _running.Start();
        _running.Record();

        await _running.StopAsync();

        await Soon.WithinAsync(_running.Run);
    }
}
