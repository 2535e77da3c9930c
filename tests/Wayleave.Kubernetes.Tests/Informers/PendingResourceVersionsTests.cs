using Wayleave.Kubernetes.Informers;

namespace Wayleave.Kubernetes.Tests.Informers;

public sealed class PendingResourceVersionsTests
{
    private readonly PendingResourceVersions _pending = new();

    [Fact]
    public void A_version_is_awaited_once()
    {
        _pending.Add("7");

        _pending.MarkObserved("6").ShouldBeFalse();
        _pending.MarkObserved("7").ShouldBeTrue();
        _pending.MarkObserved("7").ShouldBeFalse();
    }

    [Fact]
    public void Versions_are_numbers_and_come_in_their_order()
    {
        _pending.Add("100");
        _pending.Add("99");
        _pending.Add("7");

        _pending.MarkObserved("99").ShouldBeTrue();
        _pending.MarkObserved("7").ShouldBeFalse("it was passed");
        _pending.MarkObserved("100").ShouldBeTrue();
    }

    [Theory]
    [InlineData("v7")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("-7")]
    public void What_is_no_number_is_never_awaited(string? version)
    {
        _pending.Add(version);
        _pending.Add("8");

        _pending.MarkObserved(version).ShouldBeFalse();
        _pending.MarkObserved("8").ShouldBeTrue();
    }

    [Fact]
    public void Nothing_is_awaited_any_more_once_all_is_cleared()
    {
        _pending.Add("7");
        _pending.Clear();

        _pending.MarkObserved("7").ShouldBeFalse();
    }
}
