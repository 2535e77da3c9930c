using System.Text;
using System.Text.Json;
using Wayleave.EventStore.Events;
using Wayleave.EventStore.Redaction;

namespace Wayleave.EventStore.Tests.Redaction;

public sealed class RedactorTests : IDisposable
{
    private const string Jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";

    private readonly Redactor _redactor = new();

    public void Dispose() => _redactor.Dispose();

    [Theory]
    [InlineData("password")]
    [InlineData("Password")]
    [InlineData("db-password")]
    [InlineData("DB_PASS.WD")]
    [InlineData("accessToken")]
    [InlineData("access_tokens")]
    [InlineData("X-Api-Key")]
    [InlineData("client-key-data")]
    [InlineData("tls.key")]
    [InlineData("Authorization")]
    [InlineData("set-cookie")]
    [InlineData("connectionString")]
    [InlineData("kubeconfig")]
    [InlineData("awsSecretAccessKey")]
    [InlineData("credentials")]
    public void Redacts_the_value_of_a_key_that_names_a_secret(string key)
    {
        Redact($$$"""{"{{{key}}}":"x","a":[{"{{{key}}}":{"b":["x"]}}],"c":{"{{{key}}}":7},"d":"x"}""")
            .ShouldBe($$$"""{"{{{key}}}":"[redacted]","a":[{"{{{key}}}":"[redacted]"}],"c":{"{{{key}}}":"[redacted]"},"d":"x"}""");
    }

    [Theory]
    [InlineData("secretName")]
    [InlineData("tokenizer")]
    [InlineData("key")]
    [InlineData("reason")]
    [InlineData("name")]
    [InlineData("isTelemetryEnabled")]
    public void Keeps_the_value_of_another_key(string key) => Redact($$"""{"{{key}}":"x"}""").ShouldBe($$"""{"{{key}}":"x"}""");

    [Fact]
    public void Copies_every_kind_of_value() =>
        Redact("""{"a":null,"b":true,"c":false,"d":-1.50e3,"e":"\u00e9\n","f":[],"g":{}}""")
            .ShouldBe("""{"a":null,"b":true,"c":false,"d":-1.50e3,"e":"é\n","f":[],"g":{}}""");

    [Fact]
    public void Keeps_every_payload_of_the_catalog_as_it_is_without_a_secret()
    {
        string[] changes = ["+ egress to 203.0.113.0/24 port 443/TCP", "- ingress from app=cart,tier in (web,api) in namespace shop"];
        EventPayload[] payloads =
        [
            new ProcessStarted("1.2.3", "Enforce", true), new ProcessStopped(), new LeadershipGained(), new LeadershipLost("lease_lost"),
            new CachesSynced(1.25), new WatchRelisted("networkpolicies", "410", "west"), new ReconcileFailed("clientintents", 3, "403", null),
            new PolicyCreated("shop", "wayleave-cart-egress-5d41402abc4b2a76b9719d911017c592", "west", changes, 3),
            new PolicyUpdated("shop", "egress", null, changes, 0), new PolicyDeleted("shop", "egress", null, changes, 0),
            new PolicyRestored("shop", "egress", null, changes, 0, true), new PolicyRejected("shop", "egress", null, 403),
            new ConditionChanged("Ready", "False", "TargetNotFound", "service \"cart\" not found", null, "Applied"), new StatusWritten(3, "True", "Applied"),
            new DomainResolved("db.example.com", ["203.0.113.7", "2001:db8::1"], 2, null), new TelemetrySent(4, "HTTP 503"),
        ];
        payloads.Select(payload => payload.GetType()).ShouldBe(EventCatalog.All.Select(type => type.Payload), ignoreOrder: true);
        foreach (var payload in payloads)
        {
            using var expected = JsonSerializer.SerializeToDocument(payload, EventCatalog.Get(payload).Json);
            using var redacted = JsonDocument.Parse(_redactor.Serialize(payload));
            JsonElement.DeepEquals(redacted.RootElement, expected.RootElement).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("token " + Jwt + " is expired", "token [redacted] is expired")]
    [InlineData("postgres://shop:hunter2@db.example.com/cart failed", "postgres://[redacted]@db.example.com/cart failed")]
    [InlineData("redis://:p@ss/w@rd@10.0.0.1:6379", "redis://[redacted]@10.0.0.1:6379")]
    [InlineData("https://sometoken@git.example.com/x", "https://[redacted]@git.example.com/x")]
    [InlineData("sent Bearer abcdef123456 to it", "sent [redacted] to it")]
    [InlineData("sent bearer abcdefghijklmnopqrstuvwxyz to it", "sent [redacted] to it")]
    [InlineData("Authorization: Basic dXNlcjpodW50ZXIy", "Authorization: [redacted]")]
    [InlineData("key AKIAIOSFODNN7EXAMPLE was used", "key [redacted] was used")]
    [InlineData("key ghp_0123456789abcdefghij0123456789abcdef was used", "key [redacted] was used")]
    [InlineData("a -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- b", "a [redacted] b")]
    [InlineData("a -----BEGIN CERTIFICATE-----\nMIIE", "a [redacted]")]
    [InlineData("kind: Config\nusers:\n- user:\n    token: opaque", "[redacted]")]
    [InlineData("one " + Jwt + " and https://u:p@h", "one [redacted] and https://[redacted]@h")]
    public void Redacts_a_secret_in_a_text(string text, string expected) => Redactor.Redact(text).ShouldBe(expected);

    [Theory]
    [InlineData("+ egress to 203.0.113.0/24, 2001:db8::/32 except 2001:db8:1::/48 port 443/TCP, 8000-8999/UDP")]
    [InlineData("- ingress from pods app.kubernetes.io/name=checkout,tier in (web,api),!debug in namespaces kubernetes.io/metadata.name=shop")]
    [InlineData("+ from all pods of namespaces team=payments,secret=none,token!=old")]
    [InlineData("wayleave-checkout-egress-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    [InlineData("9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08")]
    [InlineData("networkpolicies.networking.k8s.io \"egress-to-stripe\" is forbidden: User \"system:serviceaccount:wayleave:operator\" cannot patch")]
    [InlineData("spec.targets[0].internet.ips[0]: \"203.0.113.5/24\" has host bits set; use 203.0.113.0/24 for the range")]
    [InlineData("The domain api.eu-west-1.amazonaws.com has no addresses; see https://wayleave.example.com/docs/domains#retry")]
    [InlineData("https://registry.example.com:5000/v2/ answered 401 Unauthorized")]
    [InlineData("The Secret west-credentials has no key kubeconfig; Bearer authentication and basic authentication failed")]
    [InlineData("basic authorization, basic configuration, basic connectivity, basic requirements of NetworkPolicyAdministrators")]
    [InlineData("Kubernetes Config connectors have Basic settings: basic, Basic auth is off")]
    [InlineData("ValidatingAdmissionPolicyBinding ClientIntentsValidationWebhookConfigurationList")]
    [InlineData("clientintents/shop/checkout-7d9f8b6c5d-x2x4z")]
    [InlineData("CN=wayleave,O=Example Org (1.3.6.1.4.1.311)")]
    [InlineData("kind: ConfigMap")]
    [InlineData("")]
    [InlineData("Schl\u00fcssel \ud83d\ude00 \u9375")]
    public void Keeps_an_ordinary_text(string text) => Redactor.Redact(text).ShouldBe(text);

    [Fact]
    public void Redacts_the_text_of_a_key() => Redact($$"""{"a {{Jwt}}":1}""").ShouldBe("""{"a [redacted]":1}""");

    [Theory]
    [InlineData("x", 4096, "")]
    [InlineData("x", 4097, "\u2026")]
    [InlineData("\u00e9", 2048, "")]
    [InlineData("\u00e9", 2049, "\u2026")]
    [InlineData("\ud83d\ude00", 1024, "")]
    [InlineData("\ud83d\ude00", 1025, "\u2026")]
    public void Cuts_a_long_text_between_two_characters(string character, int count, string end)
    {
        var text = string.Concat(Enumerable.Repeat(character, count));
        var cut = Redactor.Redact(text);
        Encoding.UTF8.GetByteCount(cut).ShouldBeInRange(Redactor.MaxBytes - 4, Redactor.MaxBytes);
        cut.ShouldEndWith(end);
        text.ShouldStartWith(cut[..^end.Length]);
        cut.EnumerateRunes().ShouldNotContain(Rune.ReplacementChar);
        using var redacted = JsonDocument.Parse(_redactor.Redact(Encoding.UTF8.GetBytes($"\"{text}\"")));
        (redacted.RootElement.GetString() == cut).ShouldBeTrue();
    }

    [Fact]
    public void Redacts_a_secret_that_the_cut_would_divide() =>
        Redactor.Redact($"{new string(' ', Redactor.MaxBytes - 20)}{Jwt}").TrimStart().ShouldBe("[redacted]");

    private string Redact(string json) => Encoding.UTF8.GetString(_redactor.Redact(Encoding.UTF8.GetBytes(json)));
}
