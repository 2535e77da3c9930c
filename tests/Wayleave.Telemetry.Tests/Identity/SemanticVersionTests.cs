using Wayleave.Telemetry.Identity;

namespace Wayleave.Telemetry.Tests.Identity;

public sealed class SemanticVersionTests
{
    [Theory]
    [InlineData("0.1.0", "0.1.0")]
    [InlineData("10.20.30-rc.1", "10.20.30-rc.1")]
    [InlineData("1.2.3+build.host.7", "1.2.3")]
    [InlineData("1.2.3-dev", "1.2.3-dev")]
    [InlineData("1.2.3-a+b", "1.2.3")]
    [InlineData("1.2.3-beta.1.of.team-a", "1.2.3")]
    [InlineData("1.2.3-betatester", "1.2.3")]
    [InlineData("1.2.3-rc.checkout", "1.2.3")]
    public void Parses_a_version_and_drops_parts_that_may_identify_its_source(string text, string version) =>
        SemanticVersion.Parse(text).Value.ShouldBe(version);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1.2")]
    [InlineData("v1.2.3")]
    [InlineData("1.2.3 on host-7")]
    [InlineData("1.2.3\n")]
    public void Rejects_text_that_is_not_a_semantic_version(string? text)
    {
        SemanticVersion.ParseOrNull(text).ShouldBeNull();
        Should.Throw<FormatException>(() => SemanticVersion.Parse(text!));
    }
}
