namespace Wayleave.Operator.Tests.Tracing;

/// <summary>Listeners of one source in a process see each other's spans, so these tests run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class TracingCollection
{
    public const string Name = "tracing";
}
