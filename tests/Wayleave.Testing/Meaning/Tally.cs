namespace Wayleave.Testing.Meaning;

/// <summary>How much was looked at.</summary>
public sealed class Tally
{
    public int Clusters { get; set; }

    public int Steps { get; set; }

    public int Policies { get; set; }

    /// <summary>Of client, server and port.</summary>
    public long Triples { get; set; }

    /// <summary>Of these, the ones that declarations have a say in.</summary>
    public long Restricted { get; set; }

    /// <summary>Of these, the ones that they allow.</summary>
    public long Allowed { get; set; }

    public override string ToString() =>
        $"{Clusters:N0} clusters, {Steps:N0} steps, {Policies:N0} policies, {Triples:N0} triples of client, server and port ({Restricted:N0} restricted, {Allowed:N0} of them allowed)";
}
