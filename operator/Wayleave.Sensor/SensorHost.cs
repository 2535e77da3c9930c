using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Wayleave.Ingest.V1;
using Wayleave.Sensor.Capture;
using Wayleave.Sensor.Configuration;
using Wayleave.Sensor.Dns;
using Wayleave.Sensor.Flows;
using Wayleave.Sensor.Nodes;
using Wayleave.Sensor.Reporting;

namespace Wayleave.Sensor;

/// <summary>Puts the parts together and runs them until the program is told to end.</summary>
internal static partial class SensorHost
{
    private static readonly string _version = typeof(SensorHost).Assembly.GetName().Version!.ToString(3);

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(SensorOptions options, CancellationToken cancellationToken)
    {
        await using var output = Console.OpenStandardOutput();
        using var logging = new JsonLoggerFactory(output, options.LogLevel, TimeProvider.System);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        var logger = logging.CreateLogger("Wayleave.Sensor");
        try
        {
            await RunAsync(options, logging, stopping);
            return ExitCodes.Success;
        }
        catch (CaptureException exception)
        {
            LogNoCapture(logger, exception.Message);
            return ExitCodes.Failure;
        }
        catch (SensorFailedException exception)
        {
            LogFailed(logger, exception.InnerException!);
            return ExitCodes.Failure;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopping.Cancel();
        }
    }

    private static async Task RunAsync(SensorOptions options, JsonLoggerFactory logging, CancellationTokenSource stopping)
    {
        var time = TimeProvider.System;
        var flows = new FlowTable();
        var names = new NameTable();
        var callers = new CallerDirectory(time);
        var handler = new PacketHandler(new FlowTracker(flows, callers), names, callers);
        Exception? failure = null;
        using var ring = new PacketRing();
        using var client = new MapperClient(options.Mapper, options.TokenFile, options.CaFile);
        var builder = new BatchBuilder(flows, names, () => TakeLosses(ring, handler), _version, time);
        var reporter = new Reporter(builder, client, MarkAllDue, options.ReportInterval, time, logging.CreateLogger<Reporter>());
        using (new ScanThread(CreateScanners(options, flows, callers, time), callers, time, Fail))
        using (new CaptureThread(ring, handler, time, Fail))
        {
            LogStarted(logging.CreateLogger("Wayleave.Sensor"), _version, options.Mapper, callers.CanIdentifyHostSockets);
            await reporter.RunAsync(stopping.Token);
        }

        await reporter.ReportLastAsync();
        if (failure is not null)
        {
            throw new SensorFailedException(failure);
        }

        void MarkAllDue()
        {
            flows.MarkAllDue();
            names.MarkAllDue();
        }

        void Fail(Exception exception)
        {
            failure = exception;
            stopping.Cancel();
        }
    }

    private static NodeScannerSet CreateScanners(SensorOptions options, FlowTable flows, CallerDirectory callers, TimeProvider time)
    {
        var files = new ProcFiles(options.ProcDirectory);
        var sockets = new SocketScanner(files, flows, time);
        var host = new HostSocketScanner(new CgroupIndex(options.CgroupDirectory, time), callers, sockets, time);
        return new NodeScannerSet(new NodeScanner(files, callers, time), sockets, host);
    }

    private static Losses TakeLosses(PacketRing ring, PacketHandler handler) => new()
    {
        KernelDrops = ring.TakeDropped(),
        Unparsed = (ulong)handler.TakeUnparsed(),
    };

    [LoggerMessage(LogLevel.Information, "Wayleave sensor {Version} reports to {Mapper}; identifies Pods on the host network: {IdentifiesHostNetworkPods}")]
    private static partial void LogStarted(ILogger logger, string version, Uri mapper, bool identifiesHostNetworkPods);

    [LoggerMessage(LogLevel.Critical, "Cannot start: {Reason}")]
    private static partial void LogNoCapture(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Critical, "Sensor failed; stopping")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    private sealed class SensorFailedException(Exception inner) : Exception(inner.Message, inner);
}
