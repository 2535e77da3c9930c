using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Wayleave.Cli.Commands;
using Wayleave.Cli.Tests.Support;
using Wayleave.Testing.Otlp;

namespace Wayleave.Cli.Tests.Telemetry;

/// <summary>
/// Random command lines, each typed by two people who put other texts into the same places: arguments, values of options, names of files,
/// kubeconfigs and namespaces, and variables. What telemetry keeps and sends is equal for both but for ids, so nothing typed is in it; and
/// the texts are searched for in the bytes too.
/// </summary>
public sealed partial class PrivacyTests : IAsyncLifetime, IDisposable
{
    private const int CommandLines = 400;
    private const string Canary = "kanarie";

    private static readonly string[] _variables =
    [
        "USER", "HOSTNAME", "PWD", "KUBECONFIG", "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_EXPORTER_OTLP_LOGS_HEADERS",
        "TRACEPARENT", "WAYLEAVE_ANYTHING",
    ];

    private readonly Person _ann = new();
    private readonly Person _bob = new();
    private OtlpCollector _collector = null!;

    public async Task InitializeAsync() => _collector = await OtlpCollector.StartAsync();

    public async Task DisposeAsync() => await _collector.DisposeAsync();

    public void Dispose()
    {
        _ann.Dispose();
        _bob.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task No_byte_of_what_is_typed_is_kept_or_sent(int seed)
    {
        var random = new Random(seed);
        foreach (var person in new[] { _ann, _bob })
        {
            person.Apply(Shop.Everything);
            person.Prepare(random, _variables, _collector.Endpoint);
            await person.ShowNoticeAsync();
        }

        var leaves = Leaves(CliCommand.Create(_ann.Configure(Nowhere()))).ToList();
        for (var count = 0; count < CommandLines; count++)
        {
            var line = CommandLine.Create(leaves[random.Next(leaves.Count)], random);
            await _ann.RunAsync(line.Type(() => _ann.Word(random)));
            await _bob.RunAsync(line.Type(() => _bob.Word(random)));
        }

        WithoutIds(_ann.State.ToJsonString()).ShouldBe(WithoutIds(_bob.State.ToJsonString()));
        ((long)_ann.State["ledger"]!["totals"]!["CLI_COMMAND"]!).ShouldBeGreaterThan(CommandLines / 4);
        await CheckRequestsAsync();
        (_ann.Typed + _bob.Typed).ShouldBeGreaterThan(CommandLines);
    }

    private async Task CheckRequestsAsync()
    {
        foreach (var person in new[] { _ann, _bob })
        {
            Search(await File.ReadAllBytesAsync(person.StateFile));
            person.Time.Advance(TimeSpan.FromDays(1));
            await person.RunAsync("version", "--client");
        }

        var requests = _collector.Requests;
        requests.Count.ShouldBe(4); // One with the first command, and one with all the others.
        foreach (var request in requests)
        {
            Search(request.Body);
            Search(Encoding.UTF8.GetBytes(request.Target + string.Join(' ', request.Headers)));
        }

        Texts(requests[2]).ShouldBe(Texts(requests[3]));
    }

    private static void Search(byte[] bytes) => Encoding.Latin1.GetString(bytes).ShouldNotContain(Canary, Case.Insensitive);

    private static string Texts(OtlpRequest request) => WithoutIds(string.Join('\n', request.Records.Select(record =>
        string.Join(' ', record.Attributes.Concat(record.Resource).OrderBy(entry => entry.Key, StringComparer.Ordinal)))));

    private static string WithoutIds(string text) => Id().Replace(text, "ID");

    private static IEnumerable<Command> Leaves(Command command) => command.Name == "telemetry" ? []
        : command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);

    private static CliEnvironment Nowhere() => new()
    {
        Output = TextWriter.Null,
        Error = TextWriter.Null,
        Connect = (_, _) => throw new NotSupportedException("No command is run."),
    };

    [GeneratedRegex("[0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Id();

    private sealed class Person : TelemetryTest
    {
        public int Typed { get; private set; }

        public string Word(Random random)
        {
            Typed++;
            var word = $"{Canary}{random.NextInt64().ToString("x", CultureInfo.InvariantCulture)}";
            return random.Next(8) switch
            {
                0 => $"{word}.{Canary}-namespace",
                1 => $"deployment/{word}",
                2 => $"app={word}",
                3 => Path.Combine(Path.GetTempPath(), word + ".yaml"),
                4 => WriteFile(word),
                5 => $"{word} ü \u202e",
                _ => word,
            };
        }

        public void Prepare(Random random, IEnumerable<string> variables, Uri endpoint)
        {
            Directory = Path.Combine(Directory, Canary);
            foreach (var variable in variables)
            {
                Variables[variable] = Word(random);
            }

            Variables["WAYLEAVE_TELEMETRY_ENDPOINT"] = endpoint.ToString();
            Input = Word(random);
        }

        // A file that says what is typed, beside the folder of the state.
        private string WriteFile(string word)
        {
            var folder = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(Directory)))!;
            var file = Path.Combine(folder, word + ".yaml");
            File.WriteAllText(file, Shop.Intents(word, $"[{{kubernetes: {{name: {word}}}}}]"));
            return file;
        }
    }

    /// <summary>A command line with places for what is typed, which are null.</summary>
    private sealed record CommandLine(IReadOnlyList<string?> Words)
    {
        private const int Chance = 3;

        public static CommandLine Create(Command command, Random random)
        {
            List<string?> words = [.. CliCommand.PathOf(command).Split(' ').Skip(1)];
            words.AddRange(command.Arguments.Select(_ => (string?)null));
            var inherited = command.Parents.OfType<Command>().SelectMany(parent => parent.Options).Where(option => option.Recursive);
            foreach (var option in command.Options.Concat(inherited).Where(option => option.Required || random.Next(Chance) == 0))
            {
                string[] names = [option.Name, .. option.Aliases];
                words.Add(names[random.Next(names.Length)]);
                if (option.ValueType != typeof(bool) && option.ValueType != typeof(void))
                {
                    // One of its values, if it has a list; sometimes any text.
                    var values = option.HelpName?.Contains('|', StringComparison.Ordinal) == true ? option.HelpName.Split('|') : [];
                    words.Add(values.Length > 0 && random.Next(10) > 0 ? values[random.Next(values.Length)] : null);
                }
            }

            if (random.Next(10) == 0)
            {
                words.Insert(random.Next(words.Count), null);
            }

            return new CommandLine(words);
        }

        public string[] Type(Func<string> text) => [.. Words.Select(word => word ?? text())];
    }
}
