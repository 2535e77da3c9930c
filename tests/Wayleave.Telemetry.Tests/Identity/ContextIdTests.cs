using Wayleave.Telemetry.Identity;

namespace Wayleave.Telemetry.Tests.Identity;

public sealed class ContextIdTests
{
    [Fact]
    public void Is_the_SHA256_of_the_published_salt_and_the_UID() =>
        ContextId.FromClusterUid("2f1a5f0e-6c0c-4a42-8a4e-0f4d4b7a9c11").Value
            .ShouldBe("857416825d1ca5631aed53cff3867910484e94e91fee8151fa75ec16ed65717a");

    [Fact]
    public void A_random_id_differs_each_time_and_has_the_same_format()
    {
        var id = ContextId.CreateRandom();

        id.ShouldNotBe(ContextId.CreateRandom());
        ContextId.ParseOrNull(id.Value).ShouldBe(id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg")]
    public void Parses_only_64_lowercase_hexadecimal_digits(string? text) => ContextId.ParseOrNull(text).ShouldBeNull();

    [Fact]
    public void Rejects_a_blank_UID() => Should.Throw<ArgumentException>(() => ContextId.FromClusterUid(" "));
}
