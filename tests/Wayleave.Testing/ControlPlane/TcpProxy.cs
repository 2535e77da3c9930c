using System.Net;
using System.Net.Sockets;

namespace Wayleave.Testing.ControlPlane;

/// <summary>
/// A proxy on a free loopback port that simulates network failures between clients and a server. Thread-safe; its methods take effect at once.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private const int SolSocket = 1;
    private const int ReuseAddress = 2;

    private readonly Uri _target;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private readonly HashSet<ProxyConnection> _live = [];
    private readonly List<Task> _work = [];

    /// <summary>Bound but never listening: reserves the port while connections are refused.</summary>
    private readonly Socket _reservation = Bind(0);
    private Socket? _listener;
    private volatile bool _swallowing;
    private int _connectionCount;

    private TcpProxy(Uri target)
    {
        _target = target;
        Port = ((IPEndPoint)_reservation.LocalEndPoint!).Port;
        Address = new UriBuilder(target.Scheme, "127.0.0.1", Port).Uri;
    }

    public int Port { get; }

    /// <summary>The address for clients, with the scheme of the target, for <see cref="ControlPlane.WriteKubeconfigAsync"/>.</summary>
    public Uri Address { get; }

    /// <summary>The number of connections that have been accepted.</summary>
    public int ConnectionCount => Volatile.Read(ref _connectionCount);

    /// <summary>Starts a proxy, and returns when the port is open.</summary>
    public static TcpProxy Start(Uri target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var proxy = new TcpProxy(target);
        proxy.Accept();
        return proxy;
    }

    /// <summary>Resets every open connection, on both sides. New connections are handled as before.</summary>
    public void CutAll()
    {
        lock (_gate)
        {
            foreach (var connection in _live)
            {
                connection.Reset();
            }
        }
    }

    /// <summary>Refuses new connections, and keeps open ones.</summary>
    public void Refuse()
    {
        lock (_gate)
        {
            _listener?.Dispose();
            _listener = null;
        }
    }

    /// <summary>
    /// Ends <see cref="Refuse"/> and <see cref="Blackhole"/>. A connection whose data was dropped stays a black hole until it is cut.
    /// </summary>
    public void Accept()
    {
        _swallowing = false;
        Listen();
    }

    /// <summary>Accepts new connections, and drops all data on every connection.</summary>
    public void Blackhole()
    {
        _swallowing = true;
        Listen();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Refuse();
        CutAll();
        Task[] work;
        lock (_gate)
        {
            work = [.. _work];
        }

        await Task.WhenAll(work);
        _reservation.Dispose();
        _end.Dispose();
    }

    private void Listen()
    {
        lock (_gate)
        {
            if (_listener is null)
            {
                _listener = Bind(Port);
                _listener.Listen();
                _work.Add(AcceptAllAsync(_listener));
            }
        }
    }

    private async Task AcceptAllAsync(Socket listener)
    {
        while (IsListening(listener))
        {
            try
            {
                Take(await listener.AcceptAsync(_end.Token));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // Refuse has closed the listener, or a client disconnected before it was accepted. The next client is accepted either way.
            }
        }
    }

    private bool IsListening(Socket listener)
    {
        lock (_gate)
        {
            return _listener == listener && !_end.IsCancellationRequested;
        }
    }

    private void Take(Socket client)
    {
        Interlocked.Increment(ref _connectionCount);
        var connection = new ProxyConnection(client, () => _swallowing);
        lock (_gate)
        {
            if (_end.IsCancellationRequested)
            {
                connection.Reset();
                return;
            }

            _live.Add(connection);
            _work.RemoveAll(task => task.IsCompleted);
            _work.Add(ServeAsync(connection));
        }
    }

    private async Task ServeAsync(ProxyConnection connection)
    {
        using (connection)
        {
            await connection.RunAsync(_target.Host, _target.Port, _end.Token);
        }

        lock (_gate)
        {
            _live.Remove(connection);
        }
    }

    /// <summary>Lets several sockets bind this port, as long as at most one listens.</summary>
    private static Socket Bind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetRawSocketOption(SolSocket, ReuseAddress, BitConverter.GetBytes(1));
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }
}
