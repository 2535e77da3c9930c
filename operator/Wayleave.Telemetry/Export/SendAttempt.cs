namespace Wayleave.Telemetry.Export;

/// <summary>One attempt to send a batch, as the handler sees it.</summary>
/// <param name="sending">Receives the body of the request before it is sent.</param>
/// <param name="cancellationToken">Ends the attempt.</param>
internal sealed class SendAttempt(Action<byte[]> sending, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<SendOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Completes with the collector's answer, or with the failure to get one.</summary>
    public Task<SendOutcome> Outcome => _outcome.Task;

    public void Sending(byte[] body) => sending(body);

    public void Complete(SendOutcome outcome) => _outcome.TrySetResult(outcome);
}
