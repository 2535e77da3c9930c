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

    private static readonly string Policy = PolicyName.For(WorkloadKindNames.Deployment, Server, PolicyDirection.Ingress);
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
        canvas.AddBox(24, 52, 246, 196, "box");
        canvas.AddText(147, 78, nameof(ClientIntents), "title");
        canvas.AddText(42, 106, "metadata:", "code");
        canvas.AddText(56, 126, $"name: {Client}", "code");
        canvas.AddText(56, 146, $"namespace: {Namespace}", "code");
        canvas.AddText(42, 166, "spec:", "code");
        canvas.AddText(56, 186, $"workload: {{name: {Client}}}", "code");
        canvas.AddText(56, 206, "targets:", "code");
        canvas.AddText(56, 226, $"- kubernetes: {{name: {Server}}}", "code");
    }

    private static void DrawOperator(SvgCanvas canvas)
    {
        canvas.AddArrow("line", "dark", (270, 150), (348, 150));
        canvas.AddText(309, 140, "watches", "label");
        canvas.AddBox(350, 92, 140, 116, "operator");
        canvas.AddText(420, 128, "Wayleave", "title");
        canvas.AddText(420, 150, "operator", "title");
        canvas.AddText(420, 180, "reports the status", "label");
    }

    private static void DrawNamespace(SvgCanvas canvas)
    {
        canvas.AddBox(572, 20, 364, 276, "frame");
        canvas.AddText(588, 44, $"namespace {Namespace}", "left");
        canvas.AddArrow("line", "dark", (490, 110), (588, 110));
        canvas.AddText(531, 100, "writes", "label");
        canvas.AddBox(590, 60, 328, 72, "box");
        canvas.AddText(754, 86, "NetworkPolicy", "title");
        canvas.AddText(754, 112, Policy, "code middle");
        canvas.AddArrow("dashed", "dark", (860, 132), (860, 188));
        canvas.AddText(850, 164, "selects", "label end");

        canvas.AddBox(590, 166, 112, 40, "box");
        canvas.AddText(646, 191, Client, "name");
        canvas.AddBox(590, 238, 112, 40, "box");
        canvas.AddText(646, 263, Other, "name");
        canvas.AddBox(802, 190, 116, 64, "box");
        canvas.AddText(860, 227, Server, "name");
        canvas.AddArrow("allowed", "green", (702, 186), (800, 212));
        canvas.AddText(751, 184, "allowed", "label green");
        canvas.AddArrow("denied", "red", (702, 258), (800, 234));
        canvas.AddCross(751, 246, 7);
        canvas.AddText(757, 274, "denied", "label red");
    }

    private static void DrawTelemetry(SvgCanvas canvas)
    {
        canvas.AddArrow("line", "dark", (420, 208), (420, 366), (588, 366));
        canvas.AddBox(590, 334, 328, 72, "box");
        canvas.AddText(754, 360, "OTLP endpoint", "title");
        canvas.AddText(754, 386, Endpoint, "code middle");
        canvas.AddText(504, 356, "anonymous counts", "label");
        canvas.AddBox(130, 334, 226, 72, "box");
        canvas.AddText(243, 360, "Off switch", "title");
        canvas.AddText(243, 386, Off, "code middle");
        canvas.AddArrow("dashed", "dark", (356, 366), (416, 366));
        canvas.AddText(386, 356, "stops", "label");
    }
}
