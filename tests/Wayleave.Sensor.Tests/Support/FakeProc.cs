namespace Wayleave.Sensor.Tests.Support;

/// <summary>A folder with the files of /proc that the sensor reads. Processes of one network namespace share the files of it.</summary>
internal sealed class FakeProc : IDisposable
{
    private readonly string _namespaces;

    public FakeProc()
    {
        Folder = Directory.CreateTempSubdirectory("wayleave-proc-").FullName;
        _namespaces = Directory.CreateDirectory(Path.Combine(Folder, "namespaces")).FullName;
        AddNamespace("node", "192.168.0.1");
        AddProcess("self", "node", "/");
    }

    public string Folder { get; }

    public void AddNamespace(string name, string address, params string[] sockets)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_namespaces, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "fib_trie"), $"Local:\n  |-- {address}\n     /32 host LOCAL\n");
        File.WriteAllText(Path.Combine(folder, "if_inet6"), "fe80000000000000a8bbccfffeddeeff 02 40 20 80     eth0\n");
        File.WriteAllText(Path.Combine(folder, "tcp"), $"  sl  local_address rem_address   st\n{string.Join('\n', sockets)}\n");
        File.WriteAllText(Path.Combine(folder, "tcp6"), "  sl  local_address rem_address   st\n");
    }

    public void AddProcess(string pid, string networkNamespace, string cgroup)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, pid)).FullName;
        File.WriteAllText(Path.Combine(folder, "cgroup"), $"0::{cgroup}\n");
        Directory.CreateSymbolicLink(Path.Combine(folder, "net"), Path.Combine(_namespaces, networkNamespace));
    }

    public void RemoveProcess(string pid) => Directory.Delete(Path.Combine(Folder, pid), recursive: true);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
