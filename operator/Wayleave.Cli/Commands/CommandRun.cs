using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;
using Wayleave.Cli.Access;
using Wayleave.Cli.Output;
using Wayleave.Cli.Planning;
using Wayleave.Kubernetes.Client;
using Wayleave.Operator.Hosting;

namespace Wayleave.Cli.Commands;

/// <summary>One run of a command: its options, its streams and its connection, which is opened when it is used.</summary>
internal sealed class CommandRun(CliEnvironment environment, CommonOptions options, ParseResult parsed, bool mayWrite) : IDisposable
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

    /// <exception cref="CliException">It does not exist.</exception>
    public async Task<TEntity> GetAsync<TEntity>(string name, string? @namespace, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        if (await Connection.Client.GetAsync<TEntity>(name, @namespace, cancellationToken) is { } found)
        {
            return found;
        }

        var entity = ApiClients.Registry.Get<TEntity>().Entity;
        var where = @namespace is null ? "" : $" in namespace {@namespace}";
        throw new CliException($"{entity.PluralName}.{entity.Group} \"{name}\" not found{where}");
    }

    /// <summary>Finds the operator, or assumes its default options.</summary>
    public Task<InstalledOperator> FindOperatorAsync(CancellationToken cancellationToken) =>
        new OperatorFinder(Connection, Error).FindOrAssumeAsync(Get(options.OperatorNamespace), cancellationToken);

    /// <summary>Reads what the operator's decisions depend on.</summary>
    /// <param name="found">The operator.</param>
    /// <param name="changes">Declarations that replace those of the cluster. Null for none.</param>
    public Task<ClusterSnapshot> ReadSnapshotAsync(
        InstalledOperator found, CancellationToken cancellationToken, ManifestOverlay? changes = null) =>
        ClusterSnapshot.ReadAsync(Connection.Client, found.Options, changes ?? new ManifestOverlay(), cancellationToken);

    /// <summary>Prints objects as a table, or in another format.</summary>
    /// <param name="isList">Whether several were asked for.</param>
    /// <param name="printTable">Called with whether the table is wide.</param>
    public void Print<TEntity>(IReadOnlyList<TEntity> objects, bool isList, string format, Action<bool> printTable)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        if (format is OutputFormat.Table or OutputFormat.Wide)
        {
            printTable(format == OutputFormat.Wide);
        }
        else
        {
            Output.Write(ObjectPrinter.Format(objects, isList, format));
        }
    }

    /// <summary>Prints a report for people, or as JSON or YAML.</summary>
    public void Print<TReport>(TReport report, JsonTypeInfo<TReport> json, string format, Action printText)
    {
        if (format == OutputFormat.Table)
        {
            printText();
        }
        else
        {
            Print(report, json, format);
        }
    }

    /// <summary>Prints a report as JSON or YAML.</summary>
    public void Print<TReport>(TReport report, JsonTypeInfo<TReport> json, string format) =>
        Output.Write(ObjectPrinter.Format(JsonSerializer.SerializeToNode(report, json) ?? new JsonObject(), format));

    /// <summary>Prints a table, or a note if it is empty.</summary>
    /// <param name="listedNamespace">The namespace of the rows. Null for all, and for what has none.</param>
    public void Print(Table table, string? listedNamespace = null)
    {
        if (table.Count == 0)
        {
            Error.WriteLine(
                listedNamespace is null ? "No resources found" : $"No resources found in {TerminalText.Clean(listedNamespace)} namespace.");
            return;
        }

        table.Print(Output, Palette, hasHeaders: !parsed.GetValue(options.NoHeaders));
    }

    public void Dispose() => _connection?.Dispose();
}
