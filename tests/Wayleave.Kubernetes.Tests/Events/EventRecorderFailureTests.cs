using System.Net;
using System.Text.Json;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.Events;

/// <summary>What happens to Events that cannot be recorded.</summary>
public sealed class EventRecorderFailureTests : IAsyncDisposable
{
    private readonly RunningRecorder _running = new();

    public static TheoryData<Exception> Errors =>
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
    [MemberData(nameof(Errors))]
    public async Task Drops_and_counts_an_Event_that_fails_and_records_the_next(Exception error)
    {
        _running.Api.Error = () => error;
        await _running.SendAsync(() => _running.Record());
        _running.Api.Error = () => null;

        await _running.SendAsync(() => _running.Record());

        _running.Api.Created.Count.ShouldBe(1);
        _running.Dropped.ShouldBe(1);
        _running.Log.At(LogLevel.Warning).ShouldBeEmpty();
    }

    [Fact]
    public async Task Retries_with_the_namespace_of_the_Event_when_an_API_server_requires_one()
    {
        var refusals = 1;
        _running.Api.Error = () => refusals-- > 0 ? ApiErrors.Create(new V1Status { Reason = "Invalid" }, HttpStatusCode.UnprocessableEntity) : null;

        await _running.SendAsync(() => _running.Record(new V1ObjectReference { Kind = "EnforcementPolicy", Name = "strict", Uid = "uid" }));

        var created = _running.Api.Created.ShouldHaveSingleItem();
        (created.Metadata.NamespaceProperty, created.Regarding!.NamespaceProperty).ShouldBe(("default", "default"));
        _running.Dropped.ShouldBe(0);
    }

    [Fact]
    public async Task Sends_no_namespace_for_a_cluster_scoped_object()
    {
        await _running.SendAsync(() => _running.Record(new V1ObjectReference { Kind = "EnforcementPolicy", Name = "strict", Uid = "uid" }));

        _running.Api.Created.ShouldHaveSingleItem().Regarding!.NamespaceProperty.ShouldBeNull();
    }

    [Fact]
    public async Task Drops_and_counts_the_newest_Events_when_a_thousand_are_queued()
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
    public async Task Warns_every_five_minutes_for_as_long_as_no_Event_can_be_recorded()
    {
        _running.Api.Error = () => ApiErrors.Create(new V1Status { Reason = "Forbidden" }, HttpStatusCode.Forbidden);
        for (var minute = 0; minute < 60; minute++)
        {
            await _running.SendAsync(() => _running.Record(note: $"note {minute}"));
            _running.Time.Advance(TimeSpan.FromMinutes(1));
        }

        _running.Log.At(LogLevel.Warning).Count.ShouldBe(12);
    }

    [Fact]
    public async Task Stops_while_the_API_server_does_not_respond()
    {
        _running.Api.Ready = new TaskCompletionSource().Task;
        _running.Start();
        _running.Record();

        await _running.StopAsync();

        await Soon.WithinAsync(_running.Run);
    }
}
