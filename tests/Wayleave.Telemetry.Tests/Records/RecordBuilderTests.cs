using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Profile;
using Wayleave.Telemetry.Records;
using Wayleave.Telemetry.Tests.Support;

namespace Wayleave.Telemetry.Tests.Records;

public sealed class RecordBuilderTests
{
    [Fact]
    public void A_usage_record_has_exactly_the_common_attributes()
    {
        var record = Sample.Batch().Records.ShouldHaveSingleItem();

        record.Attributes.Select(entry => entry.Attribute).ShouldBe(UsageAttributeCatalog.Common);
        record[UsageAttributeCatalog.EventName]!.Raw.ShouldBe("wayleave.intents.applied");
        record[UsageAttributeCatalog.EventType]!.Raw.ShouldBe("INTENTS_APPLIED");
        record[UsageAttributeCatalog.Count]!.Raw.ShouldBe(3L);
        record[UsageAttributeCatalog.Total]!.Raw.ShouldBe(7L);
        record[UsageAttributeCatalog.ContextId]!.Raw.ShouldBe(FakeContextIdSource.Cluster.Value);
        record[UsageAttributeCatalog.InstanceId]!.Raw.ShouldBe(Sample.Resource.InstanceId.ToString());
        record[UsageAttributeCatalog.ComponentType]!.Raw.ShouldBe("OPERATOR");
    }

    [Fact]
    public void An_event_id_is_a_version_7_uuid_of_the_records_time()
    {
        var id = Guid.Parse(Sample.Batch().Records[0][UsageAttributeCatalog.EventId]!.ToString());

        id.Version.ShouldBe(7);
        var milliseconds = Convert.ToInt64(id.ToString("N")[..12], 16);
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ShouldBe(Sample.Time);
    }

    [Fact]
    public void Omits_a_current_total_that_is_unknown() =>
        Sample.Batch(Sample.Delta(UsageCatalog.IntentsApplied, 3)).Records[0][UsageAttributeCatalog.Total].ShouldBeNull();

    [Fact]
    public void Omits_the_total_of_an_event_that_has_none() =>
        Sample.Batch(Sample.Delta(UsageCatalog.Started, 1)).Records[0][UsageAttributeCatalog.Total].ShouldBeNull();

    [Fact]
    public void Builds_an_error_record_for_each_pair_of_component_and_exception_type()
    {
        var counts = UsageCountMap.None
            .Add(Sample.Error(ErrorComponent.Policies, typeof(IOException)), 2)
            .Add(Sample.Error(ErrorComponent.Intents, typeof(IOException)), 1)
            .Add(Sample.Error(ErrorComponent.Intents, typeof(TimeoutException)), 4);

        var records = Sample.Batch(new UsageDelta(counts, UsageDelta.None.Current)).Records;

        UsageAttribute[] keys = [UsageAttributeCatalog.ErrorComponent, UsageAttributeCatalog.ExceptionType, UsageAttributeCatalog.Count];
        records.Select(record => (record[keys[0]]!.Raw, record[keys[1]]!.Raw, record[keys[2]]!.Raw))
            .ShouldBe([("intents", "IOException", 1L), ("intents", "TimeoutException", 4L), ("policies", "IOException", 2L)]);
    }

    [Fact]
    public void Builds_a_record_of_the_command_line_for_each_command_with_its_modifiers()
    {
        var counts = UsageCountMap.None
            .Add(Sample.Key(UsageCatalog.CliCommand), 2).Add(Command("intents", "list"), 3).Add(Command("version", null), 1);

        var records = Sample.Batch(new UsageDelta(counts, UsageDelta.None.Current)).Records;

        UsageAttribute[] keys =
            [UsageAttributeCatalog.Noun, UsageAttributeCatalog.Verb, UsageAttributeCatalog.Modifiers, UsageAttributeCatalog.Count];
        records.Select(record => string.Join(' ', keys.Select(key => record[key]?.Raw ?? "-")))
            .ShouldBe(["intents list - 3", "intents list all-namespaces,output 2", "version - - 1"]);
        records.ShouldAllBe(record => record[UsageAttributeCatalog.ComponentType]!.ToString() == "CLI");
        records.ShouldAllBe(record => Equals(record[UsageAttributeCatalog.Total]!.Raw, 6L));
    }

    [Fact]
    public void Describes_every_attribute_of_the_cluster_profile()
    {
        var attributes = RecordBuilder.BuildProfileAttributes(new FakeClusterProfileSource().Profile);

        attributes.ToDictionary(entry => entry.Attribute.Key, entry => entry.Value.Raw).ShouldBe(
            new Dictionary<string, object>
            {
                ["intents"] = "10-99",
                ["policies"] = "1-9",
                ["clusters"] = "0",
                ["namespaces"] = "100-999",
                ["nodes"] = "1000+",
                ["kubernetes.minor"] = 36L,
                ["os.type"] = "linux",
                ["host.arch"] = "arm64",
                ["changes.gitops"] = true,
                ["changes.helm"] = false,
                ["changes.kubectl"] = true,
                ["changes.other"] = false,
            },
            ignoreOrder: true);
    }

    [Fact]
    public void Omits_an_unknown_Kubernetes_version() =>
        RecordBuilder.BuildProfileAttributes(new FakeClusterProfileSource().Profile with { KubernetesMinor = null })
            .ShouldNotContain(entry => entry.Attribute == UsageAttributeCatalog.KubernetesMinor);

    [Fact]
    public void A_cluster_profile_defaults_to_the_platform_of_this_process()
    {
        var shape = new ClusterProfile
        {
            Intents = SizeBucket.Zero,
            Policies = SizeBucket.Zero,
            Clusters = SizeBucket.Zero,
            Namespaces = SizeBucket.Zero,
            Nodes = SizeBucket.Zero,
        };

        shape.OperatingSystem.ShouldNotBe(OperatingSystemKind.Other);
        shape.Architecture.ShouldNotBe(CpuArchitecture.Other);
    }

    private static UsageKey Command(string noun, string? verb) =>
        new(UsageCatalog.CliCommand, Command: CountedCommand.CreateOrNull(noun, verb, []));

    [Fact]
    public void Writes_a_record_as_one_line_of_JSON()
    {
        var record = Sample.Batch().Records[0];

        record.ToJson().ShouldBe($$$"""
            {"name":"wayleave.intents.applied","time":"2026-11-22T10:00:00.125+00:00","attributes":{
            "event.id":"{{{record[UsageAttributeCatalog.EventId]}}}","event.name":"wayleave.intents.applied","event.type":"INTENTS_APPLIED",
            "count":3,"total":7,
            "context.id":"{{{FakeContextIdSource.Cluster.Value}}}","component.instance.id":"{{{Sample.Resource.InstanceId}}}",
            "component.type":"OPERATOR"}}
            """.Replace("\n", "", StringComparison.Ordinal));
    }
}
