using System.Net;
using System.Text.Json;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Serialization;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.LeaderElection;

/// <summary>How a candidate acquires the lease and renews it.</summary>
public sealed class LeaderElectorTests
{
    private readonly FakeLeaseServer _server = new();

    public static TheoryData<Exception> Errors =>
    [
        ApiErrors.Create(new V1Status { Reason = "InternalError" }, HttpStatusCode.InternalServerError),
        ApiErrors.Create(new V1Status { Reason = "Forbidden" }, HttpStatusCode.Forbidden),
        new HttpRequestException("refused"),
        new TimeoutException("no answer"),
        new JsonException("garbage"),
        new IOException("reset"),
    ];

    [Fact]
    public async Task Creates_the_lease_when_it_does_not_exist()
    {
        await using var one = new Contender(_server, "one").Start();

        one.Elector.IsLeader.ShouldBeTrue();
        one.TimesLed.ShouldBe(1);
        var spec = _server.Read()!.Spec!;
        (spec.HolderIdentity, spec.LeaseDurationSeconds, spec.LeaseTransitions).ShouldBe(("one", 15, 0));
        (spec.AcquireTime, spec.RenewTime).ShouldBe((MicroTime.Now(one.Time), MicroTime.Now(one.Time)));
        one.Log.At(LogLevel.Information).ShouldBe(["Became leader one"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Acquires_a_lease_without_a_holder_at_once(bool hasSpec)
    {
        _server.Put(hasSpec ? new V1LeaseSpec { HolderIdentity = "", LeaseTransitions = 4 } : null);

        await using var one = new Contender(_server, "one").Start();

        one.Elector.IsLeader.ShouldBeTrue();
        _server.Read()!.Spec!.LeaseTransitions.ShouldBe(hasSpec ? 5 : 0);
    }

    [Fact]
    public async Task Renews_every_two_seconds_and_keeps_the_acquire_time_and_transitions()
    {
        await using var one = new Contender(_server, "one").Start();
        var acquired = _server.Read()!.Spec!.AcquireTime;

        await one.PassAsync(TimeSpan.FromSeconds(20));

        _server.Holders.ShouldBe(Enumerable.Repeat("one", 11));
        var spec = _server.Read()!.Spec!;
        (spec.AcquireTime, spec.LeaseTransitions).ShouldBe((acquired, 0));
        spec.RenewTime.ShouldBe(acquired + TimeSpan.FromSeconds(20));
        (one.TimesLed, one.Elector.IsLeader).ShouldBe((1, true));
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task Retries_to_acquire_the_lease_after_any_error(Exception error)
    {
        await using var one = new Contender(_server, "one");
        one.Client.Before = _ => throw error;
        one.Start();
        await one.PassAsync(TimeSpan.FromSeconds(5));
        one.Run.IsCompleted.ShouldBeFalse();

        one.Client.Before = _ => Task.CompletedTask;
        await one.PassAsync(TimeSpan.FromSeconds(2));

        one.Elector.IsLeader.ShouldBeTrue();
    }

    [Fact]
    public async Task Does_not_lead_after_a_slow_acquisition_until_it_renews()
    {
        await using var one = new Contender(_server, "one");
        one.Client.BeforeWrite = () => one.Time.Freeze(TimeSpan.FromSeconds(12));

        one.Start();
        (one.Elector.IsLeader, one.TimesLed).ShouldBe((false, 0));
        one.Client.BeforeWrite = () => { };
        await one.PassAsync(TimeSpan.FromSeconds(2));

        (one.Elector.IsLeader, one.TimesLed).ShouldBe((true, 1));
    }

    [Fact]
    public async Task Stopping_a_waiting_candidate_ends_it_without_a_write()
    {
        _server.Put(new V1LeaseSpec { HolderIdentity = "other", LeaseDurationSeconds = 15 });
        await using var one = new Contender(_server, "one").Start();

        await one.StopAsync();

        await Soon.WithinAsync(one.Run);
        _server.Holders.ShouldBe(["other"]);
    }
}
