using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;
using Wayleave.Cli.Access;
using Wayleave.Cli.Output;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Cli.Commands;

/// <summary>One run of a command: its options, its streams and its connection, which is opened when it is used.</summary>
internal sealed class CommandRun(CliEnvironment environment, CommonOptions options, ParseResult parsed, bool mayWrite = false) : IDisposable
{
    private const string DefaultNamespace = "default";
    private IClusterConnection? _connection;

    public CliEnvironment Environment => environment;

    public CommonOptions Options => options;

    public TextWriter Output => environment.Output;

    public TextWriter Error => environment.Error;

    public Palette Palette { get; } = new(environment.HasColor);

    public IClusterConnection Connection => _connection ??=
        (mayWrite ? environment.ConnectToWrite ?? environment.Connect : environment.Connect)(Get(options.Kubeconfig), Get(options.Context));

    /// <summary>The namespace that was given, or that of the context.</summary>
    public string Namespace => Get(options.Namespace) ?? Connection.Namespace ?? DefaultNamespace;

    /// <summary>The namespace to list; null for all.</summary>
    public string? ListedNamespace => parsed.GetValue(options.AllNamespaces) ? null : Namespace;

    public DateTimeOffset Now => environment.Time.GetUtcNow();

    /// <summary>The value of an option. An empty text counts as not given, as for kubectl.</summary>
    public T? Get<T>(Option<T> option) => parsed.GetValue(option) is var value and not "" ? value : default;

    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    /// <summary>Runs a command and prints its errors.</summary>
    public static Func<ParseResult, CancellationToken, Task<int>> Action(
        CliEnvironment environment, CommonOptions options, Func<CommandRun, CancellationToken, Task<int>> run, bool mayWrite = false) =>
        async (parsed, cancellationToken) =>
        {
            using var command = new CommandRun(environment, options, parsed, mayWrite);
            try
            {
                return await run(command, cancellationToken);
            }
            catch (Exception error) when (ErrorReporter.IsExpected(error))
            {
                return ErrorReporter.Print(error, environment.Error);
            }
        };

    /// <summary>Lists all objects of a kind, page by page.</summary>
    public Task<List<TEntity>> ListAsync<TEntity>(string? @namespace, string? selector, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        ListAsync<TEntity>(Connection.Client, @namespace, selector, cancellationToken);

    /// <summary>Lists all objects of a kind with a client that knows it.</summary>
    public static async Task<List<TEntity>> ListAsync<TEntity>(
        IKubernetesClient client, string? @namespace, string? selector, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        const int PageSize = 500;
        List<TEntity> all = [];
        var query = new ListOptions { Namespace = @namespace, LabelSelector = selector, Limit = PageSize };
        do
        {
            try
            {
                var page = await client.ListAsync<TEntity>(query, all.Add, cancellationToken);
                query = query with { ContinueToken = page.ContinueProperty };
            }
            catch (KubernetesException error) when (error.IsGone && query.ContinueToken is not null)
            {
                // The pages have expired. As kubectl does, read everything at once.
                all.Clear();
                await client.ListAsync<TEntity>(query with { ContinueToken = null, Limit = null }, all.Add, cancellationToken);
                break;
            }
        }
        while (!string.IsNullOrEmpty(query.ContinueToken));
        return [.. all
            .OrderBy(entity => entity.Metadata.NamespaceProperty, StringComparer.Ordinal)
            .ThenBy(entity => entity.Metadata.Name, StringComparer.Ordinal)];
    }

    /// <summary>Reads an object.</summary>
    /// <exception cref="CliException">It does not exist.</exception>
    public async Task<TEntity> GetAsync<TEntity>(string name, string? @namespace, string resource, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        await Connection.Client.GetAsync<TEntity>(name, @namespace, cancellationToken)
            ?? throw new CliException($"{resource} \"{name}\" not found{(@namespace is null ? "" : $" in namespace {@namespace}")}");

    /// <summary>Prints objects in a format other than a table.</summary>
    public void Print<TEntity>(IReadOnlyList<TEntity> objects, bool isList, string format)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => Output.Write(ObjectPrinter.Format(objects, isList, format));

    /// <summary>Prints a report as JSON or YAML.</summary>
    public void Print<TReport>(TReport report, JsonTypeInfo<TReport> json, string format) =>
        Output.Write(ObjectPrinter.Format(JsonSerializer.SerializeToNode(report, json) ?? new JsonObject(), format));

    /// <summary>Prints a table, or a note if it is empty.</summary>
    public void Print(Table table, string? listedNamespace, bool isNamespaced = true)
    {
        if (table.Count == 0)
        {
            Error.WriteLine(
                listedNamespace is null || !isNamespaced ? "No resources found" : $"No resources found in {TerminalText.Clean(listedNamespace)} namespace.");
            return;
        }

        table.Print(Output, Palette, hasHeaders: !parsed.GetValue(options.NoHeaders));
    }

    public void Dispose() => _connection?.Dispose();
}
