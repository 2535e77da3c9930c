using System.Text;
using System.Text.Json;
using Wayleave.EventStore.Events;
using Wayleave.EventStore.Publishing;
using Wayleave.EventStore.Redaction;
using Wayleave.EventStore.Tests.Support;

namespace Wayleave.EventStore.Tests.Redaction;

/// <summary>Plants secrets of every form in random texts, and looks for them in the bytes of the files.</summary>
public sealed class PlantedSecretTests : StoreTest
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly string[] _words =
    [
        "egress", "to", "10.0.0.0/8", "port", "443/TCP", "app.kubernetes.io/name=cart", "clientintents/shop/checkout", "db.example.com", "namespace",
        "\"quoted\"", "5d41402abc4b2a76b9719d911017c592", "TargetNotFound", "\u00e9\u9375", "2001:db8::/32", "https://wayleave.example.com/docs", "(web,api)", "\\", "+", "-",
    ];

    private readonly Random _random = new(20260101);
    private readonly List<string> _planted = [];

    [Fact]
    public void Writes_no_planted_secret_to_any_file_and_every_ordinary_text()
    {
        var store = Open();
        var ordinary = new List<string>();
        for (var i = 0; i < 6000; i++)
        {
            var text = Text();
            ordinary.Add(text);
            store.Append([.. Planted(text)]);
        }

        // While the store is open, its write-ahead logs are there, too.
        Search();
        var messages = ReadAll(store, new EventQuery { Types = ["condition_changed"], Limit = EventQuery.MaxLimit })
            .Select(item => item.Payload.GetProperty("reason").GetString()).ToList();
        messages.ShouldBe(ordinary, ignoreOrder: true);
        store.Dispose();
        Search();
    }

    [Fact]
    public void Writes_no_value_of_a_secret_key_at_any_depth()
    {
        using var redactor = new Redactor();
        string[] keys = ["password", "API-Key", "x.y.token", "client_secret", "tlsKey", "Cookie", "KUBECONFIG", "refreshToken", "connection-string"];
        for (var i = 0; i < 3000; i++)
        {
            var secret = Random(8 + _random.Next(30));
            var key = keys[_random.Next(keys.Length)];
            var json = $$"""{"{{key}}":{{JsonSerializer.Serialize(secret + Text())}}}""";
            for (var depth = _random.Next(6); depth > 0; depth--)
            {
                json = _random.Next(2) == 0 ? $$"""{"a":"b","c":{{json}},"d":1}""" : $"[true,{json},null]";
            }

            var redacted = Encoding.UTF8.GetString(redactor.Redact(Encoding.UTF8.GetBytes(json)));
            redacted.ShouldNotContain(secret);
            redactor.Redact(Encoding.UTF8.GetBytes(redacted)).ShouldBe(Encoding.UTF8.GetBytes(redacted));
        }
    }

    /// <summary>Events with a secret in each place where a text can be.</summary>
    private IEnumerable<PublishedEvent> Planted(string ordinary)
    {
        yield return Event(new ConditionChanged("Ready", "False", ordinary, Hide(), null, null));
        yield return (_random.Next(5)) switch
        {
            0 => Event(new PolicyUpdated("shop", Hide(), null, [Text(), Hide(), Hide()], 0)),
            1 => Event(new DomainResolved(Hide(), [Hide()], 0, Hide())),
            2 => Event(new LeadershipGained(), new EventSubject("Secret", "shop", Hide()), new EventSubject("Secret", Hide(), "x"), new EventSubject("Secret", null, Hide())),
            3 => Event(new LeadershipGained()) with { Session = Hide(), Component = Hide() },
            _ => Event(new LeadershipGained()) with { Run = Hide(), ParentRun = Hide() },
        };
    }

    /// <summary>A random text with a secret somewhere in it.</summary>
    private string Hide()
    {
        var (secret, marked) = Secret();
        _planted.Add(marked);
        var bytes = Encoding.UTF8.GetBytes(_random.Next(2) == 0 ? secret : $"{Text()} {secret} {Text()}");
        var encoded = Convert.ToBase64String(bytes);
        var hidden = _random.Next(8) switch
        {
            0 => encoded,
            1 => encoded.TrimEnd('='),
            2 => encoded.TrimEnd('=').Replace('+', '-').Replace('/', '_'),
            3 => Convert.ToBase64String(bytes, Base64FormattingOptions.InsertLineBreaks),
            4 => Convert.ToBase64String(Encoding.UTF8.GetBytes(encoded)),
            _ => secret,
        };

        // Not the whole base64 has to be found, but every part of it that would tell the secret.
        _planted.AddRange(hidden == secret ? [] : Parts(hidden));
        return _random.Next(4) switch
        {
            0 => hidden,
            1 => $"{Text()} {hidden}",
            2 => $"{Text()}/{hidden}",
            _ => $"{Text()}: {hidden} {Text()}",
        };
    }

    private static IEnumerable<string> Parts(string encoded) => encoded.Split("\r\n").Where(line => line.Length >= 24).Select(line => line[..24]);

    /// <returns>A secret, and what of it must not be found.</returns>
    private (string Text, string Marked) Secret()
    {
        var random = Random(24);
        return _random.Next(9) switch
        {
            0 => ($"eyJ{Random(20)}.eyJ{Random(20)}.{random}", random),
            1 => ($"-----BEGIN RSA PRIVATE KEY-----\n{Random(64)}\n{random}\n-----END RSA PRIVATE KEY-----", random),
            2 => ($"postgres://shop:{random}@db.example.com:5432/cart", random),
            3 => ($"Bearer {random}", random),
            4 => ($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"shop:{random}"))}", Convert.ToBase64String(Encoding.UTF8.GetBytes($"shop:{random}"))[..24]),
            5 => ("AKIA" + random[..16].ToUpperInvariant(), "AKIA" + random[..16].ToUpperInvariant()),
            6 => ($"ghp_{random}", random),
            7 => ($"github_pat_{random}", random),
            _ => ($"apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user:\n    token: {random}\n", random),
        };
    }

    private string Text() => string.Join(' ', Enumerable.Range(0, _random.Next(6)).Select(_ => _words[_random.Next(_words.Length)]));

    private string Random(int length) => new([.. Enumerable.Range(0, length).Select(_ => Letters[_random.Next(Letters.Length)])]);

    private void Search()
    {
        _planted.Count.ShouldBeGreaterThan(10_000);
        foreach (var name in FileNames)
        {
            var content = Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(Folder, name)));

            // Every planted text is at least 20 characters long: its first 20 are looked up where a run of such a length begins.
            var runs = new HashSet<string>(StringComparer.Ordinal);
            for (var i = 0; i + 20 <= content.Length; i++)
            {
                if (content[i] > ' ')
                {
                    runs.Add(content.Substring(i, 20));
                }
            }

            _planted.Where(planted => runs.Contains(planted[..20])).ShouldBeEmpty();
        }
    }
}
