namespace Wayleave.Sensor.Capture;

/// <summary>The thread that reads packets. It ends with the object.</summary>
internal sealed class CaptureThread : IDisposable
{
    private const long ExpireIntervalMs = 1000;
    private static readonly TimeSpan _maxWait = TimeSpan.FromMilliseconds(500);

    private readonly PacketRing _ring;
    private readonly PacketHandler _handler;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private volatile bool _isStopping;

    /// <param name="ring">Stays with the caller.</param>
    /// <param name="onFailure">Called if the thread ends because of an exception.</param>
    public CaptureThread(PacketRing ring, PacketHandler handler, TimeProvider time, Action<Exception> onFailure)
    {
        (_ring, _handler, _time) = (ring, handler, time);
        _thread = WorkerThread.Start("capture", Run, onFailure);
    }

    /// <summary>Ends the thread after the packets that wait.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _thread.Join();
    }

    private void Run()
    {
        // A method group in the loop would allocate.
        PacketRing.PacketAction accept = _handler.Accept;
        var expiredMs = 0L;
        while (!_isStopping)
        {
            _ring.Wait(_maxWait);
            do
            {
                _handler.NowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
                if (_handler.NowMs - expiredMs >= ExpireIntervalMs)
                {
                    _handler.Expire();
                    expiredMs = _handler.NowMs;
                }
            }
            while (_ring.ReadBlock(accept) > 0);
        }

        _handler.Complete();
    }
}
