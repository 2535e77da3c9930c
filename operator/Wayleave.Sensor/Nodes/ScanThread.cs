namespace Wayleave.Sensor.Nodes;

/// <summary>
/// The thread that scans the node: all of it at the start and every 30 seconds, and new processes at once when a client is not known,
/// at most ten times a second. It ends with the object.
/// </summary>
internal sealed class ScanThread : IDisposable
{
    private static readonly TimeSpan _fullInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _minInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _hostInterval = TimeSpan.FromSeconds(1);

    private readonly NodeScannerSet _scanners;
    private readonly CallerDirectory _directory;
    private readonly TimeProvider _time;
    private readonly ManualResetEvent _stopping = new(initialState: false);
    private readonly Thread _thread;
    private long _fullScan;
    private long _hostScan;

    /// <param name="scanners">What reads.</param>
    /// <param name="directory">Asks for scans.</param>
    /// <param name="onFailure">Called if the thread ends because of an exception.</param>
    public ScanThread(NodeScannerSet scanners, CallerDirectory directory, TimeProvider time, Action<Exception> onFailure)
    {
        (_scanners, _directory, _time) = (scanners, directory, time);
        _thread = WorkerThread.Start("scan", Run, onFailure);
    }

    public void Dispose()
    {
        _stopping.Set();
        _thread.Join();
        _stopping.Dispose();
    }

    private void Run()
    {
        ScanAll();
        var events = (WaitHandle[])[_stopping, _directory.ScanRequested];
        while (WaitHandle.WaitAny(events, Remaining()) != 0)
        {
            if (_time.GetElapsedTime(_fullScan) >= _fullInterval)
            {
                ScanAll();
            }
            else
            {
                ScanNew();
            }

            if (_stopping.WaitOne(_minInterval))
            {
                return;
            }
        }
    }

    private TimeSpan Remaining()
    {
        var remaining = _fullInterval - _time.GetElapsedTime(_fullScan);
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }

    private void ScanAll()
    {
        _fullScan = _hostScan = _time.GetTimestamp();
        _scanners.Node.ScanAll();
        foreach (var item in _scanners.Node.Namespaces)
        {
            _scanners.Sockets.Scan(item);
        }

        _scanners.Host.Scan(recordsOpen: true);
    }

    private void ScanNew()
    {
        if (_directory.HasWaiting)
        {
            _scanners.Node.ScanNew();
        }

        if (_directory.IsHostScanRequested && _time.GetElapsedTime(_hostScan) >= _hostInterval)
        {
            _hostScan = _time.GetTimestamp();
            _scanners.Host.Scan(recordsOpen: false);
        }
    }
}

/// <param name="Node">Finds Pods.</param>
/// <param name="Sockets">Finds the open connections of Pods.</param>
/// <param name="Host">Finds callers in the network namespace of the node.</param>
internal sealed record NodeScannerSet(NodeScanner Node, SocketScanner Sockets, HostSocketScanner Host);
