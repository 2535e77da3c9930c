using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Generator.Output;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Generator.Pictures;

/// <summary>
/// The picture of what Wayleave does, from left to right: a declaration, the operator, the policy with what it allows, and the counts.
/// </summary>
internal static class OverviewPicture
{
    private const string Namespace = "shop";
    private const string Client = "checkout";
    private const string Server = "cart";
    private const string Other = "reviews";

    private static readonly string Policy = PolicyName.For(WorkloadKinds.Deployment, Server, PolicyDirection.Ingress);
    private static readonly string Off = $"{TelemetryFlags.Enabled.Option}=false";
    private static readonly string Endpoint = TelemetryFlags.Endpoint.Option;

    public static GeneratedFolder Generate() => new(
        "overview*.svg", new Dictionary<string, string>(StringComparer.Ordinal) { ["overview.svg"] = Text() });

    private static string Text()
    {
        var canvas = new SvgCanvas(
            960,
            440,
            "What Wayleave does",
            $"A ClientIntents in namespace {Namespace} declares that {Client} calls {Server}. The operator writes a NetworkPolicy for {Server}. The policy allows "
                + $"calls from {Client} and denies calls from {Other}. The operator sends anonymous counts to an OTLP endpoint, if {Endpoint} names one. "
                + $"{Off} turns this off.");
        DrawDeclaration(canvas);
        DrawOperator(canvas);
        DrawNamespace(canvas);
        DrawTelemetry(canvas);
        return canvas.ToText();
    }

    private static void DrawDeclaration(SvgCanvas canvas)
    {
        canvas.Box(24, 52, 246, 196, "box");
        canvas.Text(147, 78, nameof(ClientIntents), "title");
        canvas.Text(42, 106, "metadata:", "code");
        canvas.Text(56, 126, $"name: {Client}", "code");
        canvas.Text(56, 146, $"namespace: {Namespace}", "code");
        canvas.Text(42, 166, "spec:", "code");
        canvas.Text(56, 186, $"workload: {{name: {Client}}}", "code");
        canvas.Text(56, 206, "targets:", "code");
        canvas.Text(56, 226, $"- kubernetes: {{name: {Server}}}", "code");
    }

    private static void DrawOperator(SvgCanvas canvas)
    {
        canvas.Arrow("line", "dark", (270, 150), (348, 150));
        canvas.Text(309, 140, "watches", "label");
        canvas.Box(350, 92, 140, 116, "operator");
        canvas.Text(420, 128, "Wayleave", "title");
        canvas.Text(420, 150, "operator", "title");
        canvas.Text(420, 180, "reports the status", "label");
    }

    private static void DrawNamespace(SvgCanvas canvas)
    {
        canvas.Box(572, 20, 364, 276, "frame");
        canvas.Text(588, 44, $"namespace {Namespace}", "left");
        canvas.Arrow("line", "dark", (490, 110), (588, 110));
        canvas.Text(531, 100, "writes", "label");
        canvas.Box(590, 60, 328, 72, "box");
        canvas.Text(754, 86, "NetworkPolicy", "title");
        canvas.Text(754, 112, Policy, "code middle");
        canvas.Arrow("dashed", "dark", (860, 132), (860, 188));
        canvas.Text(850, 164, "selects", "label end");

        canvas.Box(590, 166, 112, 40, "box");
        canvas.Text(646, 191, Client, "name");
        canvas.Box(590, 238, 112, 40, "box");
        canvas.Text(646, 263, Other, "name");
        canvas.Box(802, 190, 116, 64, "box");
        canvas.Text(860, 227, Server, "name");
        canvas.Arrow("allowed", "green", (702, 186), (800, 212));
        canvas.Text(751, 184, "allowed", "label green");
        canvas.Arrow("denied", "red", (702, 258), (800, 234));
        canvas.Cross(751, 246, 7);
        canvas.Text(757, 274, "denied", "label red");
    }

    private static void DrawTelemetry(SvgCanvas canvas)
    {
        canvas.Arrow("line", "dark", (420, 208), (420, 366), (588, 366));
        canvas.Box(590, 334, 328, 72, "box");
        canvas.Text(754, 360, "OTLP endpoint", "title");
        canvas.Text(754, 386, Endpoint, "code middle");
        canvas.Text(504, 356, "anonymous counts", "label");
        canvas.Box(130, 334, 226, 72, "box");
        canvas.Text(243, 360, "Off switch", "title");
        canvas.Text(243, 386, Off, "code middle");
        canvas.Arrow("dashed", "dark", (356, 366), (416, 366));
        canvas.Text(386, 356, "stops", "label");
    }
}
