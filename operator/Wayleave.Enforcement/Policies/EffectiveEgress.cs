namespace Wayleave.Enforcement.Policies;

/// <summary>What all declarations of one client add up to, before it is put in the words of any API.</summary>
/// <param name="Pods">Pods in the cluster, each group once, in order.</param>
/// <param name="Addresses">Addresses, by the ports that they may be called at, in order.</param>
/// <param name="Dns">Whether port 53 may be called everywhere.</param>
public sealed record EffectiveEgress(
    PolicySubject Client, IReadOnlyList<PodDestination> Pods, IReadOnlyList<AddressDestination> Addresses, bool Dns);
