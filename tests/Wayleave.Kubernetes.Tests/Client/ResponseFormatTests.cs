using Microsoft.AspNetCore.Http;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Protobuf;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Client;

/// <summary>Which format the client asks for, and which it reads.</summary>
public sealed class ResponseFormatTests(TestCertificates certificates) : IClassFixture<TestCertificates>
{
    private const string Both = "application/vnd.kubernetes.protobuf,application/json";

    [Fact]
    public async Task Asks_for_protobuf_first_and_reads_it()
    {
        var list = ProtobufBytes.Message((1, ProtobufBytes.Message((2, "7"))), (2, ProtobufBytes.Deployment("cart", "5")));
        await using var api = await TestApi.StartAsync(certificates, Protobuf(ProtobufBytes.Envelope(list)));

        var answer = await api.Client.ListAsync<PartialDeployment>(new ListOptions(), default);

        answer.Items.Single().Text().ShouldBe("cart@5");
        answer.Metadata.ResourceVersion.ShouldBe("7");
        api.Request.Accept.ShouldBe(Both);
    }

    [Fact]
    public async Task Reads_JSON_from_a_server_that_does_not_offer_protobuf()
    {
        await using var api = await TestApi.StartAsync(
            certificates, Answer.Json("""{"metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"cart","resourceVersion":"5"}}]}"""));

        (await api.Client.ListAsync<PartialDeployment>(new ListOptions(), default)).Items.Single().Text().ShouldBe("cart@5");
    }

    [Fact]
    public async Task Asks_for_JSON_only_when_protobuf_is_not_accepted()
    {
        var options = new TestApiOptions();
        await using var api = await TestApi.StartAsync(
            certificates, Answer.Json("""{"metadata":{"resourceVersion":"7"},"items":[]}"""), options with { Client = options.Client with { AcceptsProtobuf = false } });

        await api.Client.ListAsync<PartialDeployment>(new ListOptions(), default);

        api.Request.Accept.ShouldBe("application/json");
    }

    [Fact]
    public async Task Reads_a_watch_in_protobuf()
    {
        await using var api = await TestApi.StartAsync(
            certificates, Protobuf(ProtobufBytes.Event("ADDED", ProtobufBytes.Deployment("cart", "5")), ";stream=watch"));

        var changes = await api.Client.WatchAsync<PartialDeployment>(new ListOptions(), default).ToListAsync();

        changes.Single().Entity.Text().ShouldBe("cart@5");
        api.Request.Accept.ShouldBe(Both);
    }

    [Fact]
    public async Task Reads_one_object_in_protobuf()
    {
        await using var api = await TestApi.StartAsync(certificates, Protobuf(ProtobufBytes.Envelope(ProtobufBytes.Deployment("cart", "5"))));

        (await api.Client.GetAsync<PartialDeployment>("cart", "shop", default))!.Text().ShouldBe("cart@5");
    }

    [Fact]
    public async Task Asks_for_metadata_alone_in_both_formats()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json("""{"metadata":{},"items":[]}"""));

        await api.Client.ListAsync<PartialDeployment>(new ListOptions { MetadataOnly = true }, default);

        const string Alone = ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
        api.Request.Accept.ShouldBe($"application/vnd.kubernetes.protobuf{Alone},application/json{Alone}");
    }

    [Fact]
    public async Task Reports_an_error_in_protobuf_as_one_in_JSON()
    {
        var status = ProtobufBytes.Message((2, "Failure"), (3, "deployments is forbidden"), (4, "Forbidden"), (6, 403));
        await using var api = await TestApi.StartAsync(certificates, Protobuf(ProtobufBytes.Envelope(status, "Status"), code: 403));

        var error = await Should.ThrowAsync<k8s.KubernetesException>(() => api.Client.ListAsync<PartialDeployment>(new ListOptions(), default));

        (error.IsForbidden, error.Message).ShouldBe((true, "403 Forbidden: deployments is forbidden"));
    }

    [Fact]
    public async Task Reports_the_status_code_of_an_error_in_protobuf_that_is_malformed()
    {
        await using var api = await TestApi.StartAsync(certificates, Protobuf([1, 2, 3], code: 503));

        var error = await Should.ThrowAsync<k8s.KubernetesException>(() => api.Client.ListAsync<PartialDeployment>(new ListOptions(), default));

        ((int)error.StatusCode).ShouldBe(503);
    }

    private static RequestDelegate Protobuf(byte[] body, string parameters = "", int code = 200) => async context =>
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = ProtobufEnvelope.MediaType + parameters;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    };
}
