using Wayleave.Kubernetes.Informers;

namespace Wayleave.Kubernetes.Tests.Informers;

public sealed class AwaitedVersionsTests
{
    private readonly AwaitedVersions _awaited = new();

    [Fact]
    public void A_version_is_awaited_once()
    {
        _awaited.Add("7");

        _awaited.Come("6").ShouldBeFalse();
        _awaited.Come("7").ShouldBeTrue();
        _awaited.Come("7").ShouldBeFalse();
    }

    [Fact]
    public void Versions_are_numbers_and_come_in_their_order()
    {
        _awaited.Add("100");
        _awaited.Add("99");
        _awaited.Add("7");

        _awaited.Come("99").ShouldBeTrue();
        _awaited.Come("7").ShouldBeFalse("it was passed");
        _awaited.Come("100").ShouldBeTrue();
    }

    [Theory]
    [InlineData("v7")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("-7")]
    public void What_is_no_number_is_never_awaited(string? version)
    {
        _awaited.Add(version);
        _awaited.Add("8");

        _awaited.Come(version).ShouldBeFalse();
        _awaited.Come("8").ShouldBeTrue();
    }

    [Fact]
    public void Nothing_is_awaited_any_more_once_all_is_cleared()
    {
        _awaited.Add("7");
        _awaited.Clear();

        _awaited.Come("7").ShouldBeFalse();
    }
}
