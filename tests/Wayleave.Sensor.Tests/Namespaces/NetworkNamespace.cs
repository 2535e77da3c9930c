using System.Runtime.InteropServices;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.Sensor.Tests.Namespaces;

/// <summary>A network namespace that <c>ip netns</c> made. Deleted with its interfaces and processes.</summary>
internal sealed partial class NetworkNamespace(string name) : IAsyncDisposable
{
    private const int NewNetwork = 0x40000000;

    public string Name => name;

    public static async Task<NetworkNamespace> CreateAsync(string name)
    {
        await ShellAsync($"ip netns add {name} && ip -n {name} link set lo up");
        return new NetworkNamespace(name);
    }

    /// <summary>Runs a script of the shell on the machine.</summary>
    public static async Task<string> ShellAsync(string script) =>
        (await ChildProcess.RunAsync("/bin/bash", ["-euc", script])).EnsureSuccess().Output;

    /// <summary>Runs a script in the namespace.</summary>
    public Task<string> RunAsync(string script) => ShellAsync($"nsenter --net=/run/netns/{name} bash -euc '{script}'");

    /// <summary>Starts a program in the namespace.</summary>
    public System.Diagnostics.Process Start(params string[] command) => ChildProcess.Start("nsenter", [$"--net=/run/netns/{name}", .. command]);

    /// <summary>Makes sockets on a thread that is in the namespace. They stay in it.</summary>
    public T Create<T>(Func<T> create)
    {
        T? created = default;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var file = File.OpenHandle($"/run/netns/{name}");
                if (SetNamespace((int)file.DangerousGetHandle(), NewNetwork) != 0)
                {
                    throw new InvalidOperationException($"setns failed with {Marshal.GetLastPInvokeError()}");
                }

                created = create();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? created! : throw failure;
    }

    public async ValueTask DisposeAsync() =>
        await ShellAsync($"for pid in $(ip netns pids {name}); do kill -9 $pid || true; done; ip netns delete {name}");

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int type);
}
