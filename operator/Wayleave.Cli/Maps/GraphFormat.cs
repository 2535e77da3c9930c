using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Wayleave.Cli.Commands;
using Wayleave.Observation.Graphs;

namespace Wayleave.Cli.Maps;

/// <summary>The formats of a graph that are text.</summary>
internal static class GraphFormat
{
    public const string Html = "html";
    public const string Svg = "svg";
    public const string Dot = "dot";
    public const string Mermaid = "mermaid";

    private const string Advice = "use --namespaces, --around, -n or --client to draw less, or --format html";

    private static readonly TimeSpan _drawTimeout = TimeSpan.FromSeconds(120);

    /// <summary>A graph as the input of Graphviz or Mermaid.</summary>
    /// <exception cref="CliException">It is more than Mermaid draws.</exception>
    public static string Write(CommandRun run, CallGraph graph, string format)
    {
        if (format == Dot)
        {
            if (graph.Nodes.Count > DotWriter.SlowNodes)
            {
                run.Error.WriteLine($"Note: the graph has {graph.Nodes.Count} nodes; Graphviz needs minutes for more than {DotWriter.SlowNodes}.");
            }

            return DotWriter.Write(graph);
        }

        if (graph.Edges.Count > MermaidWriter.MaxEdges)
        {
            throw new CliException($"the graph has {graph.Edges.Count} lines, and Mermaid draws at most {MermaidWriter.MaxEdges}; {Advice}");
        }

        var text = MermaidWriter.Write(graph);
        return text.Length <= MermaidWriter.MaxLength
            ? text
            : throw new CliException($"the graph has {text.Length} characters, and Mermaid reads at most {MermaidWriter.MaxLength}; {Advice}");
    }

    /// <summary>A picture, which the program <c>dot</c> of Graphviz draws.</summary>
    /// <exception cref="CliException">The graph is too large, or there is no <c>dot</c>.</exception>
    public static async Task<string> DrawAsync(CallGraph graph, TimeProvider time, CancellationToken cancellationToken)
    {
        if (graph.Nodes.Count > DotWriter.SlowNodes)
        {
            throw new CliException($"the graph has {graph.Nodes.Count} nodes, and a picture has at most {DotWriter.SlowNodes}; {Advice}");
        }

        using var timeout = new CancellationTokenSource(_drawTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await RunDotAsync(DotWriter.Write(graph), either.Token);
        }
        catch (Win32Exception)
        {
            throw new CliException("an SVG picture is drawn by the program dot, which was not found; install Graphviz, or use --format html");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CliException(string.Create(
                CultureInfo.InvariantCulture, $"dot did not finish within {_drawTimeout.TotalSeconds} seconds; {Advice}"));
        }
    }

    private static async Task<string> RunDotAsync(string text, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dot", ["-Tsvg"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardInput.WriteAsync(text.AsMemory(), cancellationToken);
            process.StandardInput.Close();
            var (picture, problem) = (await output, await error);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? picture : throw new CliException($"dot failed: {problem.Trim()}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
