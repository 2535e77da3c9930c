using Wayleave.Ingest.V1;
using Wayleave.Sensor.Capture;
using Wayleave.Sensor.Flows;
using Wayleave.Sensor.Nodes;
using Wayleave.Sensor.Tests.Support;

namespace Wayleave.Sensor.Tests.Flows;

public sealed class FlowTableTests
{
    private const long Minute = 60_000;
    private readonly FlowTable _flows = new();
    private readonly Caller _caller = new(Guid.NewGuid(), isHostNetwork: false);

    [Fact]
    public void Reports_a_flow_once_and_again_after_an_hour()
    {
        Record(Outcome.Connected, 1);
        Record(Outcome.Connected, 2);
        _flows.Report(10).ShouldBe(["10.0.0.9:80 -> ? connected 2, refused 0, unanswered 0"]);
        Record(Outcome.Connected, 3);
        _flows.Report(59 * Minute).ShouldBeEmpty();
        _flows.Report(61 * Minute).ShouldBe(["10.0.0.9:80 -> ? connected 1, refused 0, unanswered 0"]);
    }

    [Fact]
    public void Reports_a_change_of_the_outcome_at_once()
    {
        Record(Outcome.Connected, 1);
        _flows.Report(10);
        Record(Outcome.Unanswered, 11);
        _flows.Report(20).ShouldBe(["10.0.0.9:80 -> ? connected 0, refused 0, unanswered 1"]);
        Record(Outcome.Connected, 21);
        _flows.Report(30).ShouldBe(["10.0.0.9:80 -> ? connected 1, refused 0, unanswered 0"]);
    }

    [Fact]
    public void Reports_everything_that_it_remembers_when_the_mapper_asks()
    {
        Record(Outcome.Connected, 1);
        _flows.Report(10);
        _flows.MarkAllDue();
        _flows.Report(20).Count.ShouldBe(1);
        _flows.Report(30).ShouldBeEmpty();
    }

    [Fact]
    public void Reports_a_part_when_there_are_more_than_the_limit()
    {
        Record(Outcome.Connected, 1, port: 80);
        Record(Outcome.Connected, 1, port: 81);
        var ports = new List<int>();
        _flows.Collect(10, 1, (key, _) => ports.Add(key.Called.Port)).ShouldBeTrue();
        _flows.Collect(10, 1, (key, _) => ports.Add(key.Called.Port)).ShouldBeFalse();
        ports.ShouldBe([80, 81], ignoreOrder: true);
    }

    [Fact]
    public void Forgets_a_flow_that_was_reported_and_not_seen_for_an_hour()
    {
        Record(Outcome.Connected, 1);
        _flows.Report(10);
        _flows.Report(61 * Minute);
        _flows.Count.ShouldBe(0);
    }

    [Fact]
    public void Counts_calls_beyond_its_limits()
    {
        for (var port = 1; port <= FlowTable.MaxFlowsOfCaller + 5; port++)
        {
            Record(Outcome.Refused, 1, port);
        }

        Record(Outcome.Refused, 2, port: 1);
        _flows.Count.ShouldBe(FlowTable.MaxFlowsOfCaller);
        _flows.TakeMerged().ShouldBe(5);
        _flows.TakeMerged().ShouldBe(0);
    }

    [Fact]
    public void Holds_no_more_than_its_limit_of_all_callers()
    {
        for (var caller = 0; caller < 6; caller++)
        {
            var scanner = new Caller(Guid.NewGuid(), isHostNetwork: false);
            for (var port = 1; port <= FlowTable.MaxFlowsOfCaller; port++)
            {
                _flows.Record(Key(scanner, port), Outcome.Refused, 1);
            }
        }

        _flows.Count.ShouldBe(FlowTable.MaxFlows);
        _flows.TakeMerged().ShouldBe(FlowTable.MaxFlowsOfCaller);
    }

    private static FlowKey Key(Caller caller, int port) =>
        new(caller, new Destination(Address.Parse("10.0.0.9"), (ushort)port), default, Source.Tcp);

    private void Record(Outcome outcome, long atMs, int port = 80) => _flows.Record(Key(_caller, port), outcome, atMs);
}
