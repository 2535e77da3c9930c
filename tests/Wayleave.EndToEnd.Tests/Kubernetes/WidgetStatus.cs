namespace Wayleave.EndToEnd.Tests.Kubernetes;

public sealed class WidgetStatus
{
    public int? Seen { get; set; }
}
