namespace Wayleave.EndToEnd.Tests.Kubernetes;

public sealed class WidgetSpec
{
    public int? Size { get; set; }
}
