using System.Globalization;
using Wayleave.Api;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Text;

namespace Wayleave.Enforcement.Status;

/// <summary>Checks a <see cref="KafkaServerConfig"/> and turns the finding into its status.</summary>
public static class KafkaServerConfigStatusBuilder
{
    private const int MaxPort = 65535;

    /// <summary>The status of the object's present generation.</summary>
    public static KafkaServerConfigStatus Summarize(KafkaServerConfig config, DateTimeOffset now)
    {
        var outcome = Validate(config.Spec)
            ?? new TargetResult(TargetStateNames.Enforced, Reasons.Accepted, "valid; this version does not write Kafka ACLs");
        return new KafkaServerConfigStatus
        {
            ObservedGeneration = config.Metadata.Generation,
            Conditions = ConditionBuilder.Build(outcome, config.Metadata.Generation, config.Status?.Conditions, now),
        };
    }

    private static TargetResult? Validate(KafkaServerConfigSpec spec) =>
        WorkloadValidator.Validate("spec.workload", spec.Workload)
            ?? AddressRefusal(spec.Address)
            ?? TopicRefusal(spec.Topics ?? []);

    private static TargetResult? AddressRefusal(string? address)
    {
        var colon = address?.LastIndexOf(':') ?? -1;
        var valid = colon > 0
            && DnsNameValidator.IsSubdomain(address.AsSpan(0, colon))
            && int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= MaxPort;
        return valid
            ? null
            : TargetResult.Invalid("spec.address", $"{TextSanitizer.Quote(address)} is not host:port; use a DNS name and a port from 1 to {MaxPort}");
    }

    // Two rules with the same name and pattern would be ambiguous.
    private static TargetResult? TopicRefusal(List<KafkaTopicConfig> topics)
    {
        var seen = new Dictionary<(string, string), int>();
        for (var i = 0; i < topics.Count; i++)
        {
            var key = (topics[i].Name, topics[i].Pattern ?? KafkaPatterns.Literal);
            if (!seen.TryAdd(key, i))
            {
                return TargetResult.Invalid(
                    $"spec.topics[{i}]", $"the same name and pattern as spec.topics[{seen[key]}]; remove one of them");
            }
        }

        return null;
    }
}
