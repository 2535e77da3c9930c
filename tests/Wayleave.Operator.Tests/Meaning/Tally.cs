namespace Wayleave.Operator.Tests.Meaning;

/// <summary>How much was looked at.</summary>
internal sealed class Tally
{
    public int Clusters { get; set; }

    public int Steps { get; set; }

    public long Triples { get; set; }

    /// <summary>Of these, the ones whose server is not open to everybody.</summary>
    public long Closed { get; set; }

    /// <summary>Of these, the ones that a declaration lets through.</summary>
    public long LetIn { get; set; }

    public int Policies { get; set; }

    public override string ToString() =>
        $"{Clusters:N0} clusters, {Steps:N0} steps, {Policies:N0} policies, {Triples:N0} triples of client, server and port ({Closed:N0} at closed pods, {LetIn:N0} of them let in)";
}
