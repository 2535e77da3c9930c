using Wayleave.Kubernetes.Informers;
using Wayleave.Testing.Time;

namespace Wayleave.Kubernetes.Tests.Informers;

public class ComplaintsTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void The_same_text_is_news_once_a_minute()
    {
        var complaints = new Complaints(_time);

        complaints.IsNews("refused").ShouldBeTrue();
        complaints.IsNews("refused").ShouldBeFalse();
        complaints.IsNews("forbidden").ShouldBeTrue();
        _time.Advance(TimeSpan.FromMinutes(1));
        complaints.IsNews("refused").ShouldBeTrue();
    }

    [Fact]
    public void It_does_not_remember_for_ever()
    {
        var complaints = new Complaints(_time);
        for (var number = 0; number < 100; number++)
        {
            complaints.IsNews($"text {number}");
        }

        complaints.IsNews("one more").ShouldBeTrue();
        complaints.IsNews("text 99").ShouldBeTrue();
    }
}
