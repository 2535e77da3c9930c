using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;

namespace Wayleave.Enforcement.Tests.Decisions;

public class NamespaceStateReaderTests
{
    [Fact]
    public void A_namespace_that_does_not_exist_is_missing() =>
        NamespaceStateReader.GetState(null).ShouldBe(NamespaceState.Missing);

    [Theory]
    [InlineData("shop", NamespaceState.Labeled)]
    [InlineData("other", NamespaceState.Unlabeled)]
    [InlineData(null, NamespaceState.Unlabeled)]
    public void A_namespace_is_labeled_only_when_the_label_has_its_name(string? label, NamespaceState state)
    {
        var entity = new V1Namespace { Metadata = new V1ObjectMeta { Name = "shop" } };
        entity.Metadata.Labels = label is null ? null : new Dictionary<string, string>() { [WayleaveLabels.NamespaceName] = label };

        NamespaceStateReader.GetState(entity).ShouldBe(state);
    }
}
