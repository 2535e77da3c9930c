using Wayleave.Kubernetes.Informers;

namespace Wayleave.Kubernetes.Tests.Informers;

public sealed class PendingResourceVersionsTests
{
    private readonly PendingResourceVersions _pending = new();

    [Fact]
    public void Matches_a_pending_version_once()
    {
        _pending.Add("7");

        _pending.MarkObserved("6").ShouldBeFalse();
        _pending.MarkObserved("7").ShouldBeTrue();
        _pending.MarkObserved("7").ShouldBeFalse();
    }

    [Fact]
    public void Compares_versions_as_numbers_and_drops_older_ones()
    {
        _pending.Add("100");
        _pending.Add("99");
        _pending.Add("7");

        _pending.MarkObserved("99").ShouldBeTrue();
        _pending.MarkObserved("7").ShouldBeFalse("a newer version was observed");
        _pending.MarkObserved("100").ShouldBeTrue();
    }

    [Theory]
    [InlineData("v7")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("-7")]
    public void Ignores_a_version_that_is_not_a_number(string? version)
    {
        _pending.Add(version);
        _pending.Add("8");

        _pending.MarkObserved(version).ShouldBeFalse();
        _pending.MarkObserved("8").ShouldBeTrue();
    }

    [Fact]
    public void Matches_no_version_after_it_is_cleared()
    {
        _pending.Add("7");
        _pending.Clear();

        _pending.MarkObserved("7").ShouldBeFalse();
    }
}
