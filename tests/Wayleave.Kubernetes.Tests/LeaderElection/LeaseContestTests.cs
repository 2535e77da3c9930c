using System.Net;
using System.Text.Json;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.LeaderElection;

/// <summary>How a candidate competes with others for the lease.</summary>
public sealed class LeaseContestTests
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
    public async Task Does_not_take_a_lease_that_another_candidate_renews()
    {
        await using var one = new Contender(_server, "one").Start();
        await using var two = new Contender(_server, "two").Start();

        await Contender.PassAsync([one, two], TimeSpan.FromMinutes(2), () => (one.Elector.IsLeader, two.Elector.IsLeader).ShouldBe((true, false)));

        _server.Holders.ShouldAllBe(holder => holder == "one");
        two.TimesLed.ShouldBe(0);
    }

    [Fact]
    public async Task Takes_a_lease_only_after_it_was_not_renewed_for_its_duration()
    {
        _server.Put(new V1LeaseSpec { HolderIdentity = "other", LeaseDurationSeconds = 15, LeaseTransitions = 2 });
        await using var one = new Contender(_server, "one").Start();
        await one.PassAsync(TimeSpan.FromSeconds(4));
        _server.Put(new V1LeaseSpec { HolderIdentity = "other", LeaseDurationSeconds = 15, LeaseTransitions = 2 });
        await one.PassAsync(TimeSpan.FromSeconds(2));

        // Observed at 6 seconds, so it expires at 21; the next attempt is at 22.
        await one.PassAsync(TimeSpan.FromSeconds(15), () => one.Elector.IsLeader.ShouldBeFalse());
        await one.PassAsync(TimeSpan.FromSeconds(1));

        one.Elector.IsLeader.ShouldBeTrue();
        (_server.Read()!.Spec!.HolderIdentity, _server.Read()!.Spec!.LeaseTransitions).ShouldBe(("one", 3));
    }

    [Fact]
    public async Task Warns_every_five_minutes_for_as_long_as_the_lease_cannot_be_read()
    {
        var missing = ApiErrors.Create(new V1Status { Reason = "NotFound" }, HttpStatusCode.NotFound);
        await using var one = new Contender(_server, "one");
        one.Client.Before = _ => throw missing;
        one.Start();

        await one.PassAsync(TimeSpan.FromSeconds(9));
        one.Log.At(LogLevel.Warning).ShouldBeEmpty();
        await one.PassAsync(TimeSpan.FromMinutes(11));
        one.Log.At(LogLevel.Warning).Count.ShouldBe(3);

        one.Client.Before = _ => Task.CompletedTask;
        await one.PassAsync(TimeSpan.FromMinutes(6));
        one.Log.At(LogLevel.Warning).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Uses_the_lease_duration_that_the_holder_wrote()
    {
        _server.Put(new V1LeaseSpec { HolderIdentity = "other", LeaseDurationSeconds = 60 });
        await using var one = new Contender(_server, "one").Start();

        await one.PassAsync(TimeSpan.FromSeconds(60), () => one.Elector.IsLeader.ShouldBeFalse());
        await one.PassAsync(TimeSpan.FromSeconds(2));

        one.Elector.IsLeader.ShouldBeTrue();
    }

    [Theory]
    [InlineData(-86_400)]
    [InlineData(86_400)]
    public async Task Ignores_the_times_that_the_holder_wrote(double skew)
    {
        var time = new Contender(_server, "unused").Time;
        _server.Put(new V1LeaseSpec
        {
            HolderIdentity = "other",
            LeaseDurationSeconds = 15,
            RenewTime = time.GetUtcNow().UtcDateTime.AddSeconds(skew),
            AcquireTime = time.GetUtcNow().UtcDateTime.AddSeconds(skew),
        });
        await using var one = new Contender(_server, "one").Start();

        await one.PassAsync(TimeSpan.FromSeconds(15), () => one.Elector.IsLeader.ShouldBeFalse());
        await one.PassAsync(TimeSpan.FromSeconds(2));

        one.Elector.IsLeader.ShouldBeTrue();
    }

    [Fact]
    public async Task Measures_the_lease_duration_from_the_response_not_from_the_request()
    {
        _server.Put(new V1LeaseSpec { HolderIdentity = "other", LeaseDurationSeconds = 15 });
        await using var one = new Contender(_server, "one");

        // The holder may have renewed just before the server responded, eight seconds after the request.
        one.Client.Before = token => Task.Delay(TimeSpan.FromSeconds(8), one.Time, token);
        one.Start();
        await one.PassAsync(TimeSpan.FromSeconds(8));
        one.Client.Before = _ => Task.CompletedTask;

        await one.PassAsync(TimeSpan.FromSeconds(15), () => one.Elector.IsLeader.ShouldBeFalse());
        await one.PassAsync(TimeSpan.FromSeconds(2));

        one.Elector.IsLeader.ShouldBeTrue();
    }

    [Fact]
    public async Task Does_not_lead_when_another_candidate_acquires_the_lease_first()
    {
        _server.Put(new V1LeaseSpec { HolderIdentity = "" });
        await using var one = new Contender(_server, "one");
        one.Client.AfterRead = () => _server.Put(new V1LeaseSpec { HolderIdentity = "two", LeaseDurationSeconds = 15 });

        one.Start();
        one.Client.AfterRead = () => { };
        await one.PassAsync(TimeSpan.FromSeconds(10));

        (one.Elector.IsLeader, _server.Read()!.Spec!.HolderIdentity).ShouldBe((false, "two"));
    }

    [Fact]
    public async Task Does_not_lead_when_another_candidate_creates_the_lease_first()
    {
        await using var one = new Contender(_server, "one");
        one.Client.AfterRead = () => _server.Put(new V1LeaseSpec { HolderIdentity = "two", LeaseDurationSeconds = 15 });

        one.Start();

        (one.Elector.IsLeader, _server.Read()!.Spec!.HolderIdentity).ShouldBe((false, "two"));
    }
}
