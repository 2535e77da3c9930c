using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Tests.Decisions;

public class ClientNamespaceStatesTests
{
    [Fact]
    public void A_namespace_that_does_not_exist_is_missing() =>
        ClientNamespaceStates.Of(null).ShouldBe(ClientNamespaceState.Missing);

    [Theory]
    [InlineData("shop", ClientNamespaceState.Labelled)]
    [InlineData("other", ClientNamespaceState.Unlabelled)]
    [InlineData(null, ClientNamespaceState.Unlabelled)]
    public void Only_its_own_name_is_the_label_that_counts(string? label, ClientNamespaceState state)
    {
        var entity = new V1Namespace { Metadata = new V1ObjectMeta { Name = "shop" } };
        entity.Metadata.Labels = label is null ? null : new() { [WayleaveLabels.NamespaceName] = label };

        ClientNamespaceStates.Of(entity).ShouldBe(state);
    }
}
