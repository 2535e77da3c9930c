using Wayleave.Enforcement.Internet;

namespace Wayleave.Enforcement.Policies;

/// <summary>Addresses that may be called.</summary>
/// <param name="Blocks">In order and each once.</param>
/// <param name="Ports">In order and each once; empty for every port.</param>
public sealed record AddressDestination(IReadOnlyList<AddressBlock> Blocks, IReadOnlyList<PolicyPort> Ports);
