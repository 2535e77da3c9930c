using System.Text.Json;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Tests.Entities;

public sealed class EntityListTests
{
    [Fact]
    public void A_list_whose_items_are_null_is_empty()
    {
        var list = JsonSerializer.Deserialize("""{"metadata":{"resourceVersion":"7"},"items":null}""", KubernetesJson.Default.EntityListV1Pod);

        list!.Items.ShouldBeEmpty();
        list.Metadata.ResourceVersion.ShouldBe("7");
    }
}
