using Wayleave.Api;

namespace Wayleave.Enforcement.Tests;

public class NamespaceModesTests
{
    private readonly NamespaceModes _modes = new(EnforcementMode.Enforce, "wayleave-system");

    [Theory]
    [InlineData("kube-system")]
    [InlineData("kube-public")]
    [InlineData("kube-node-lease")]
    [InlineData("wayleave-system")]
    public void Namespaces_that_the_cluster_or_the_operator_live_on_are_off(string name) =>
        _modes.For(name).ShouldBe(new NamespaceMode(EnforcementMode.Off, Reasons.SystemNamespace));

    [Fact]
    public void Every_other_namespace_has_the_default() =>
        _modes.For("kube-systems").ShouldBe(new NamespaceMode(EnforcementMode.Enforce, Reasons.Enforced));

    [Theory]
    [InlineData(EnforcementMode.Shadow, Reasons.Shadow)]
    [InlineData(EnforcementMode.Off, Reasons.ModeOff)]
    public void A_mode_that_was_chosen_has_a_reason(EnforcementMode mode, string reason) =>
        new NamespaceModes(mode, "").For("shop").ShouldBe(new NamespaceMode(mode, reason));
}
