namespace Wayleave.Ingest.Tests;

public sealed class TextFormatsTests
{
    [Theory]
    [InlineData("example.com")]
    [InlineData("localhost")]
    [InlineData("1.example")]
    [InlineData("a-b.xn--bcher-kva.example")]
    [InlineData("cart.shop.svc.cluster.local")]
    public void Is_a_host_name(string text) => TextFormats.IsHostName(text).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("example.com.")]
    [InlineData(".example.com")]
    [InlineData("a..b")]
    [InlineData("Example.com")]
    [InlineData("-a.example")]
    [InlineData("a-.example")]
    [InlineData("_http.example")]
    [InlineData("*.example")]
    [InlineData("bücher.example")]
    [InlineData("a b.example")]
    [InlineData("a\n.example")]
    [InlineData("<script>.example")]
    public void Is_no_host_name(string text) => TextFormats.IsHostName(text).ShouldBeFalse();

    [Fact]
    public void A_label_has_63_characters_and_a_name_253()
    {
        var label = new string('a', 63);
        TextFormats.IsHostName(label).ShouldBeTrue();
        TextFormats.IsHostName(label + "a").ShouldBeFalse();

        var name = $"{label}.{label}.{label}.{label[..61]}";
        name.Length.ShouldBe(253);
        TextFormats.IsHostName(name).ShouldBeTrue();
        TextFormats.IsHostName(name + "a").ShouldBeFalse();
    }

    [Theory]
    [InlineData("0.1.0", true)]
    [InlineData("1.2.3-rc.1+build.5", true)]
    [InlineData("1.0.0-0A", true)]
    [InlineData("1.2", false)]
    [InlineData("v1.2.3", false)]
    [InlineData("01.2.3", false)]
    [InlineData("1.2.3-01", false)]
    [InlineData("1.2.3\n", false)]
    public void A_version_is_a_semantic_one(string text, bool isVersion) => TextFormats.IsSemanticVersion(text).ShouldBe(isVersion);

    [Fact]
    public void A_version_is_short() => TextFormats.IsSemanticVersion("1.2.3-" + new string('a', 1000)).ShouldBeFalse();
}
