using Wayleave.Api;
using Wayleave.Cli.Manifests;
using Wayleave.Cli.Planning;
using Wayleave.Cli.Tests.Support;

namespace Wayleave.Cli.Tests.Units;

public sealed class ManifestOverlayTests
{
    [Fact]
    public void An_equal_spec_keeps_the_object_and_so_the_addresses_of_its_status()
    {
        var overlay = new ManifestOverlay();
        overlay.Add(Intents("cart"));
        var stored = Intents("cart");

        overlay.Replace(stored).ShouldBeSameAs(stored);
        stored.Metadata.Generation.ShouldBe(1);
        overlay.DrainAdded<ClientIntents>().ShouldBeEmpty();
    }

    [Fact]
    public void Another_spec_is_another_generation_and_leaves_the_stored_object_as_it_is()
    {
        var overlay = new ManifestOverlay();
        overlay.Add(Intents("orders"));
        var stored = Intents("cart");

        var applied = overlay.Replace(stored);
        applied.Spec.Targets![0].Kubernetes!.Name.ShouldBe("orders");
        applied.Metadata.Generation.ShouldBe(2);
        stored.Spec.Targets![0].Kubernetes!.Name.ShouldBe("cart");
        stored.Metadata.Generation.ShouldBe(1);
    }

    private static ClientIntents Intents(string server)
    {
        var document = ManifestReader.Read("given", Shop.Intents("checkout", $"[{{kubernetes: {{name: {server}}}}}]"))[0];
        var intents = document.Read<ClientIntents>();
        intents.Metadata.Generation = 1;
        return intents;
    }
}
