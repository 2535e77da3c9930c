using System.CommandLine;
using Wayleave.Hosting;

namespace Wayleave.Operator.Configuration;

/// <summary>Waits until a running operator is ready. For <c>helm test</c>, because the image has no other program.</summary>
internal static class ProbeCommand
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    public static Command Create(TimeProvider time)
    {
        var address = new Argument<string>("url") { Description = "The operator's /readyz, as http://HOST:8081/readyz." };
        var command = new Command("probe", "Waits up to 30 seconds until a running operator is ready.") { address };
        command.SetAction((parsed, token) => RunAsync(parsed.GetValue(address)!, time, Console.Out, Console.Error, token));
        return command;
    }

    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(
        string address, TimeProvider time, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            await error.WriteLineAsync($"wayleave-operator: {address} is not a URL such as http://HOST:8081/readyz");
            return ExitCodes.InvalidConfiguration;
        }

        using var patience = new CancellationTokenSource(_timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var status = "no response";
        try
        {
            using var client = new HttpClient();
            while ((status = await GetStatusAsync(client, url, either.Token)) != "200")
            {
                await Task.Delay(_interval, time, either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await error.WriteLineAsync($"wayleave-operator: {url} is not ready: {status}");
            return ExitCodes.Failure;
        }

        await output.WriteLineAsync($"{url} is ready");
        return ExitCodes.Success;
    }

    private static async Task<string> GetStatusAsync(HttpClient client, Uri url, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (HttpRequestException failure)
        {
            return failure.HttpRequestError.ToString();
        }
    }
}
