using System.Text;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Models;
using Wayleave.Mapper.Page;
using Wayleave.Observation.Graphs;
using Wayleave.Observation.Proposals;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.Mapper.Tests.Page;

/// <summary>The page of the mapper over TLS, as people and attackers see it.</summary>
public sealed class PageEndpointTests
{
    private const string Hostile = "</script><img src=x onerror=alert(1)>\"'\u2028";

    [Fact]
    public async Task Answers_with_the_page_that_the_command_line_writes_for_the_same_objects()
    {
        await using var stage = await PageStage.StartAsync();
        stage.GrantAll();
        ObservedIntents[] seen =
        [
            PageStage.Observed("shop", "checkout", PageStage.Call("cart"), PageStage.Call("orders"), PageStage.Call("stock", ObservedOutcomes.Refused)),
            PageStage.Observed("shop", Hostile, PageStage.Call("cart"), PageStage.Call(Hostile)),
            PageStage.Observed("bank", "ledger", PageStage.Call("cart.shop")),
        ];
        ClientIntents[] declared = [Declare("shop", "checkout", "cart", "never-called")];
        stage.Api.Objects.AddRange([.. seen, .. declared]);

        var answer = await stage.GetAsync();

        answer.Status.ShouldBe(200, answer.Text);
        var graph = GraphBuilder.Build(SeenMap.Read(seen), new DeclarationIndex(declared, MapFacts.None), CallFilter.Everything);
        graph.Edges.Select(edge => edge.State).Distinct().Count().ShouldBe(4);
        answer.Body.ShouldBe(Encoding.UTF8.GetBytes(MapPage.Write(graph, new MapPageTitle("All namespaces", stage.Time.GetUtcNow()))));
        answer.Text.ShouldNotContain(Hostile);
    }

    [Fact]
    public async Task Shows_one_namespace_to_those_who_may_list_only_there()
    {
        await using var stage = await PageStage.StartAsync();
        stage.Api.Grant(PageStage.User, "shop", "observedintents", "clientintents");
        stage.Api.Objects.AddRange(
            [PageStage.Observed("shop", "checkout", PageStage.Call("cart")), PageStage.Observed("bank", "ledger", PageStage.Call("vault"))]);

        var answer = await stage.GetAsync("/map?namespace=shop");

        answer.Status.ShouldBe(200, answer.Text);
        answer.Text.ShouldContain("Calls of namespace shop");
        answer.Text.ShouldContain("checkout");
        answer.Text.ShouldNotContain("ledger");
        (await stage.GetAsync("/map?namespace=bank")).Status.ShouldBe(403);
        (await stage.GetAsync()).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Says_with_every_answer_that_nothing_else_is_loaded_stored_or_framed()
    {
        await using var stage = await PageStage.StartAsync();
        stage.GrantAll();
        stage.Api.Objects.Add(PageStage.Observed("shop", "checkout", PageStage.Call("cart")));

        foreach (var answer in new[] { await stage.GetAsync(), await stage.GetAsync(token: null), await stage.GetAsync("/") })
        {
            answer.Headers["Content-Security-Policy"].ShouldBe($"{MapPage.Policy}; frame-ancestors 'none'");
            answer.Headers["Cache-Control"].ShouldBe("no-store");
            answer.Headers["X-Content-Type-Options"].ShouldBe("nosniff");
            answer.Headers["Referrer-Policy"].ShouldBe("no-referrer");
        }
    }

    [Fact]
    public async Task Answers_HEAD_with_the_headers_of_GET()
    {
        await using var stage = await PageStage.StartAsync();
        stage.GrantAll();
        stage.Api.Objects.Add(PageStage.Observed("shop", "checkout", PageStage.Call("cart")));
        var page = await stage.GetAsync();

        var head = await stage.SendAsync(HttpMethod.Head);

        (head.Status, head.Body.Length).ShouldBe((200, 0));
        (head.Headers["Content-Type"], head.Headers["Content-Length"]).ShouldBe(("text/html; charset=utf-8", $"{page.Body.Length}"));
    }

    [Theory]
    [InlineData("GET", "/", 404)]
    [InlineData("GET", "/map/", 404)]
    [InlineData("GET", "/v1/batches", 404)]
    [InlineData("POST", "/map", 405)]
    [InlineData("DELETE", "/map", 405)]
    [InlineData("GET", "/map?namespace=", 400)]
    [InlineData("GET", "/map?namespace=a&namespace=b", 400)]
    [InlineData("GET", "/map?namespace=..%2Fkube-system", 400)]
    [InlineData("GET", "/map?all=true", 400)]
    public async Task Refuses_what_is_no_request_for_the_page_without_asking_anyone(string method, string path, int status)
    {
        await using var stage = await PageStage.StartAsync();
        stage.GrantAll();

        (await stage.SendAsync(new HttpMethod(method), path)).Status.ShouldBe(status);
        stage.Api.Reviews.ShouldBe(0);
    }

    [Fact]
    public async Task Refuses_who_is_not_known_or_may_not_list_what_it_shows()
    {
        await using var stage = await PageStage.StartAsync();
        stage.Api.Objects.Add(PageStage.Observed("shop", "checkout", PageStage.Call("cart")));
        stage.Api.Allow("sensor", FakeSensor, audience: "wayleave-mapper");
        stage.Api.Allow("sensor-for-the-page", FakeSensor);
        stage.Api.Grant(FakeSensor, null, "observedintents", "clientintents");

        (await stage.GetAsync(token: null)).Status.ShouldBe(401);
        (await stage.GetAsync(token: "unknown")).Status.ShouldBe(401);
        (await stage.GetAsync(token: "sensor")).Status.ShouldBe(401);
        (await stage.GetAsync(token: "sensor-for-the-page")).Status.ShouldBe(403);
        var denied = await stage.GetAsync();
        (denied.Status, denied.Text).ShouldBe(
            (403, "anna may not list observedintents.wayleave.dev in all namespaces; bind a role that allows it, or use ?namespace=NAME\n"));
        stage.Api.Grant(PageStage.User, null, "observedintents");
        (await stage.GetAsync()).Text.ShouldStartWith("anna may not list clientintents.wayleave.dev in all namespaces");
    }

    [Fact]
    public async Task A_right_that_was_taken_away_counts_at_once()
    {
        await using var stage = await PageStage.StartAsync();
        stage.GrantAll();
        stage.Api.Objects.Add(PageStage.Observed("shop", "checkout", PageStage.Call("cart")));
        (await stage.GetAsync()).Status.ShouldBe(200);

        stage.Api.Revoke(PageStage.User);

        (await stage.GetAsync()).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Guessed_tokens_are_soon_not_reviewed_and_do_not_keep_a_known_one_out()
    {
        await using var stage = await PageStage.StartAsync();
        stage.GrantAll();
        stage.Api.Objects.Add(PageStage.Observed("shop", "checkout", PageStage.Call("cart")));
        (await stage.GetAsync()).Status.ShouldBe(200);
        List<PageAnswer> guesses = [];
        for (var guess = 0; guess < 20; guess++)
        {
            guesses.Add(await stage.GetAsync(token: $"guess-{guess}"));
        }

        guesses.Count(answer => answer.Status == 401).ShouldBe(4);
        guesses[^1].Status.ShouldBe(429);
        guesses[^1].Headers["Retry-After"].ShouldBe("1");
        (await stage.GetAsync()).Status.ShouldBe(200);
        stage.Api.Reviews.ShouldBe(6);
    }

    [Fact]
    public async Task Works_on_few_pages_at_a_time()
    {
        await using var stage = await PageStage.StartAsync();
        stage.GrantAll();
        stage.Api.Objects.Add(PageStage.Observed("shop", "checkout", PageStage.Call("cart")));
        var gate = new TaskCompletionSource();
        stage.Api.Gate = gate.Task;
        List<Task<PageAnswer>> requests = [.. Enumerable.Range(0, 5).Select(_ => stage.GetAsync())];

        for (var refused = 0; refused < 3; refused++)
        {
            var done = await Task.WhenAny(requests);
            requests.Remove(done);
            var answer = await done;
            (answer.Status, answer.Headers["Retry-After"]).ShouldBe((429, "2"));
        }

        gate.SetResult();
        (await Task.WhenAll(requests)).Select(answer => answer.Status).ShouldBe([200, 200]);
    }

    [Fact]
    public async Task A_request_that_is_given_up_frees_its_place()
    {
        await using var stage = await PageStage.StartAsync();
        stage.GrantAll();
        stage.Api.Objects.Add(PageStage.Observed("shop", "checkout", PageStage.Call("cart")));
        stage.Api.Gate = new TaskCompletionSource().Task;
        for (var request = 0; request < 2; request++)
        {
            using var givenUp = new CancellationTokenSource();
            var reached = new TaskCompletionSource();
            stage.Api.Listing = () => reached.TrySetResult();
            var waiting = stage.SendAsync(HttpMethod.Get, cancellationToken: givenUp.Token);
            await Task.WhenAny(reached.Task, waiting);
            await givenUp.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        }

        stage.Api.Gate = Task.CompletedTask;
        await Poll.UntilAsync(
            "a free place",
            async _ =>
            {
                stage.Time.Advance(TimeSpan.FromSeconds(10));
                return (await stage.GetAsync()).Status == 200;
            },
            Poll.Patience,
            default);
    }

    [Fact]
    public async Task Says_plainly_that_the_API_server_does_not_answer()
    {
        await using var stage = await PageStage.StartAsync();
        stage.GrantAll();
        stage.Api.Failure = new HttpRequestException("connection refused");

        var answer = await stage.GetAsync();

        (answer.Status, answer.Headers["Retry-After"]).ShouldBe((503, "5"));
        answer.Text.ShouldBe("the API server did not review the token; try again, or see the mapper's log\n");
    }

    [Fact]
    public async Task Names_the_right_that_the_mapper_lacks()
    {
        await using var stage = await PageStage.StartAsync();
        stage.GrantAll();
        stage.Api.Objects.Add(PageStage.Observed("shop", "checkout", PageStage.Call("cart")));
        stage.Api.ListFailures[typeof(ClientIntents)] = FakeMapApi.Forbidden("cannot list resource \"clientintents\"");

        var answer = await stage.GetAsync();

        answer.Status.ShouldBe(503);
        answer.Text.ShouldContain("the mapper lacks a right");
        answer.Text.ShouldContain("cannot list resource \"clientintents\"");
    }

    [Fact]
    public async Task Reads_Services_and_workloads_only_if_a_target_needs_them()
    {
        await using var stage = await PageStage.StartAsync();
        stage.GrantAll();
        stage.Api.Objects.AddRange([PageStage.Observed("shop", "checkout", PageStage.Call("cart")), Declare("shop", "checkout", "cart")]);
        stage.Api.ListFailures[typeof(PartialService)] = FakeMapApi.Forbidden("cannot list resource \"services\"");
        (await stage.GetAsync()).Status.ShouldBe(200);

        var service = Declare("shop", "web");
        service.Spec.Targets = [new IntentTarget { Service = new ServiceTarget { Name = "cart" } }];
        stage.Api.Objects.Add(service);

        (await stage.GetAsync()).Status.ShouldBe(503);
    }

    [Fact]
    public async Task Refuses_a_map_that_is_larger_than_a_page_can_show()
    {
        await using var stage = await PageStage.StartAsync();
        stage.GrantAll();
        stage.Api.Objects.Add(PageStage.Observed("shop", "checkout", PageStage.Call("cart")));
        var many = PageStage.Observed("bank", "ledger");
        many.Calls = [.. Enumerable.Range(0, MapReader.MaxCalls).Select(number => PageStage.Call($"vault-{number}"))];
        stage.Api.Objects.Add(many);

        var answer = await stage.GetAsync();

        (answer.Status, answer.Text).ShouldBe((
            400,
            "the map is larger than the page can show: there are more than 20000 calls in all namespaces; use ?namespace=NAME, or kubectl wayleave map\n"));
        (await stage.GetAsync("/map?namespace=shop")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Says_that_there_are_no_calls()
    {
        await using var stage = await PageStage.StartAsync();
        stage.GrantAll();

        var answer = await stage.GetAsync("/map?namespace=shop");

        (answer.Status, answer.Text).ShouldBe((404, "no calls found in namespace shop; the map has what sensors saw\n"));
    }

    private static string FakeSensor => Ingestion.FakeReviewer.SensorUser;

    private static ClientIntents Declare(string @namespace, string client, params IReadOnlyList<string> servers) => new()
    {
        Metadata = new V1ObjectMeta { Name = client, NamespaceProperty = @namespace, Uid = client },
        Spec = new ClientIntentsSpec
        {
            Workload = new WorkloadRef { Name = client, Kind = WorkloadKindNames.Deployment },
            Targets =
            [
                .. servers.Select(server => new IntentTarget { Kubernetes = new KubernetesTarget { Name = server, Kind = WorkloadKindNames.Deployment } }),
            ],
        },
    };
}
