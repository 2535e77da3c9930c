using System.Net.Sockets;
using Wayleave.Ingest.V1;
using Wayleave.Sensor.Tests.Support;
using Wayleave.Testing.ControlPlane;
using static Wayleave.Sensor.Tests.Namespaces.TestNetwork;

namespace Wayleave.Sensor.Tests.Namespaces;

/// <summary>The program in a network of namespaces. What it reports is compared with what happened, and with tcpdump and tshark.</summary>
public sealed class SensorInNamespaceTests(TestNetwork network) : IClassFixture<TestNetwork>
{
    [SkippableTheory]
    [InlineData($"{Service}:80", $"{Remote}:8080")]
    [InlineData($"[{ServiceV6}]:80", $"[{RemoteV6}]:8080")]
    public async Task Sees_the_service_as_called_and_the_pod_behind_it(string called, string backend)
    {
        network.SkipIfImpossible();
        using var server = TestPod.Listen(network.OtherNode, backend);
        (await network.Client.CallAsync(called)).ShouldBe(SocketError.Success);
        var call = await WaitAsync(called);
        (call.Pod, call.Backend, call.Connected, call.Refused, call.Unanswered).ShouldBe((network.Client.Uid, backend, 1u, 0u, 0u));
    }

    [SkippableTheory]
    [InlineData($"{ServerV4}:7001", $"{ServerV4}:7001")]
    [InlineData("[fd00:99:1::3]:7001", "[fd00:99:1::3]:7001")]
    public async Task Sees_calls_between_pods_of_the_same_bridge(string called, string backend)
    {
        network.SkipIfImpossible();
        using var server = TestPod.Listen(network.Server.Network, called);
        (await network.Client.CallAsync(called)).ShouldBe(SocketError.Success);
        var call = await WaitAsync(called);
        (call.Pod, call.Backend, call.Connected).ShouldBe((network.Client.Uid, backend, 1u));
    }

    [SkippableTheory]
    [InlineData($"{Remote}:7010")]
    [InlineData($"[{RemoteV6}]:7010")]
    public async Task Sees_calls_that_are_refused(string called)
    {
        network.SkipIfImpossible();
        (await network.Client.CallAsync(called)).ShouldBe(SocketError.ConnectionRefused);
        var call = await WaitAsync(called);
        (call.Pod, call.Connected, call.Refused, call.Unanswered).ShouldBe((network.Client.Uid, 0u, 1u, 0u));
    }

    [SkippableTheory]
    [InlineData($"{Remote}:9090")]
    [InlineData($"[{RemoteV6}]:9090")]
    public async Task Sees_calls_that_a_policy_drops_once_although_they_are_sent_again(string called)
    {
        network.SkipIfImpossible();
        using var server = TestPod.Listen(network.OtherNode, called);
        (await network.Client.CallAsync(called, TimeSpan.FromSeconds(4))).ShouldBeNull();
        var call = await WaitAsync(called);
        (call.Pod, call.Backend, call.Connected, call.Refused, call.Unanswered).ShouldBe((network.Client.Uid, null, 0u, 0u, 1u));
    }

    [SkippableFact]
    public async Task Sees_calls_that_negotiate_ECN()
    {
        network.SkipIfImpossible();
        var called = $"{Remote}:7020";
        using var server = TestPod.Listen(network.OtherNode, called);
        await network.Client.Network.RunAsync("sysctl -qw net.ipv4.tcp_ecn=1");
        (await network.Client.CallAsync(called)).ShouldBe(SocketError.Success);
        (await network.Client.CallAsync(called)).ShouldBe(SocketError.Success);
        await network.Client.Network.RunAsync("sysctl -qw net.ipv4.tcp_ecn=2");
        await WaitAsync(called, call => call.Connected == 2);
    }

    [SkippableFact]
    public async Task Sees_a_call_whose_client_is_masqueraded_as_that_of_the_pod()
    {
        network.SkipIfImpossible();
        var called = $"{Outside}:7030";
        using var server = TestPod.Listen(network.OtherNode, called);
        (await network.Client.CallAsync(called)).ShouldBe(SocketError.Success);
        (await WaitAsync(called)).Pod.ShouldBe(network.Client.Uid);
        network.Mapper.GetCalls().Where(call => call.Called == called).ShouldHaveSingleItem("the node did not call");
    }

    [SkippableFact]
    public async Task Attributes_a_call_of_a_pod_that_lives_for_two_seconds_and_of_the_next_one_with_its_address()
    {
        network.SkipIfImpossible();
        var called = $"{Remote}:7040";
        using var server = TestPod.Listen(network.OtherNode, called);
        var uids = new List<Guid?>();
        for (var number = 0; number < 3; number++)
        {
            uids.Add(await network.RunPodAsync($"short{number}", 9, $"exec 3<>/dev/tcp/{Remote}/7040; sleep 2"));
        }

        await Poll.UntilAsync(
            "the calls of each pod", _ => Task.FromResult(Callers(called)), callers => callers.SetEquals(uids), Poll.Patience, CancellationToken.None);
    }

    [SkippableFact]
    public async Task Attributes_a_call_from_the_network_of_the_node_to_its_pod()
    {
        network.SkipIfImpossible();
        var called = $"{Remote}:7050";
        using var server = TestPod.Listen(network.OtherNode, called);
        await using var group = await PodGroup.CreateAsync();
        using var process = network.Node.Start("bash", "-c", $"echo $$ > {group.Path}/cgroup.procs; exec 3<>/dev/tcp/{Remote}/7050; sleep 300");
        var call = await WaitAsync(called);
        (call.Pod, call.IsHostNetwork, call.Connected).ShouldBe((group.Uid, true, 1u));
    }

    [SkippableTheory]
    [InlineData("dnsmasq", "10.99.2.53", false)]
    [InlineData("dnsmasq", "10.99.2.53", true)]
    [InlineData("dnsmasq", "fd00:99:2::53", false)]
    [InlineData("dnsmasq", "fd00:99:2::53", true)]
    [InlineData("unbound", "10.99.2.54", false)]
    [InlineData("unbound", "fd00:99:2::54", true)]
    [InlineData("named", "10.99.2.55", false)]
    [InlineData("named", "fd00:99:2::55", true)]
    public async Task Sees_the_answers_of_name_servers_as_tshark_does(string kind, string address, bool isTcp)
    {
        network.SkipIfImpossible();
        Skip.IfNot((await ChildProcess.RunAsync("/bin/bash", ["-c", $"command -v {kind}"])).ExitCode == 0, $"needs {kind}");
        await network.OtherNode.RunAsync($"ip addr replace {address}/{(address.Contains(':', StringComparison.Ordinal) ? 128 : 32)} dev lo nodad 2>/dev/null || ip addr replace {address}/32 dev lo");
        await using var server = NameServer.Start(kind, network.OtherNode, address);

        // The address is the Pod's own: the names of other cases are not in the way.
        await using var witness = await PacketWitness.StartAsync(network.Client.Network);
        foreach (var name in (string[])[$"api.{kind}.test", $"WWW.{kind}.test", $"none.{kind}.test"])
        {
            await NameServer.AskAsync(network.Client.Network, address, name, DnsBytes.A, isTcp);
            await NameServer.AskAsync(network.Client.Network, address, name, DnsBytes.Aaaa, isTcp);
        }

        var expected = $"api.{kind}.test 192.0.2.10, api.{kind}.test 2001:db8::10, www.{kind}.test 192.0.2.10, www.{kind}.test 2001:db8::10";
        await Poll.UntilAsync(
            "the names", _ => Task.FromResult(string.Join(", ", Names(kind))), names => names == expected, Poll.Patience, CancellationToken.None);
        await Poll.UntilAsync(
            "the same of tshark",
            async _ => string.Join(", ", await witness.ReadNamesAsync([network.Client.V4, network.Client.V6], kind)),
            names => names == expected, Poll.Patience, CancellationToken.None);
    }

    [SkippableFact]
    public async Task Is_equal_to_what_tcpdump_and_tshark_say()
    {
        network.SkipIfImpossible();
        using var v4 = TestPod.Listen(network.OtherNode, $"{Remote}:7060");
        using var v6 = TestPod.Listen(network.OtherNode, $"[{RemoteV6}]:7060");
        await using var witness = await PacketWitness.StartAsync(network.Client.Network);
        var calls = new List<Task>();
        for (var round = 0; round < 20; round++)
        {
            foreach (var host in (string[])[Remote, $"[{RemoteV6}]"])
            {
                calls.Add(network.Client.CallAsync($"{host}:7060"));
                calls.Add(network.Client.CallAsync($"{host}:7061"));
                calls.Add(network.Client.CallAsync($"{host}:{7062 + (round % 5)}"));
            }
        }

        // A port without a route behind it: there is no answer, and the kernel sends again.
        calls.Add(network.Client.CallAsync("10.99.2.77:7060", TimeSpan.FromSeconds(4)));
        await network.OtherNode.RunAsync("ip route replace blackhole 10.99.2.77/32");
        await Task.WhenAll(calls);
        await WaitAsync("10.99.2.77:7060");

        int[] ports = [.. Enumerable.Range(7060, 10)];
        var expected = await witness.ReadCallsAsync([network.Client.V4, network.Client.V6], ports);
        expected.Count.ShouldBe(15);
        await Poll.UntilAsync(
            "the same calls", _ => Task.FromResult(Describe(ports)), seen => seen.SequenceEqual(expected), Poll.Patience, CancellationToken.None);
    }

    [SkippableFact]
    public async Task Counts_the_first_fragment_of_an_answer_and_ignores_the_others()
    {
        network.SkipIfImpossible();
        using var server = TestPod.Listen(network.OtherNode, $"{Remote}:7070");
        await network.Client.CallAsync($"{Remote}:7070");
        await WaitAsync($"{Remote}:7070");
        var before = Unparsed();

        // An address that is not translated, so that the answer passes the node once.
        var nameServer = System.Net.IPEndPoint.Parse("10.99.0.2:53");
        using var sender = network.OtherNode.Create(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(nameServer);
            return socket;
        });
        using var client = network.Client.Network.Create(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(System.Net.IPEndPoint.Parse($"{network.Client.V4}:40000"));
            return socket;
        });
        await client.SendToAsync(new byte[] { 0x12, 0x34 }, nameServer);
        var question = await sender.ReceiveFromAsync(new byte[2], new System.Net.IPEndPoint(System.Net.IPAddress.Any, 0));
        var answer = new DnsBytes("big.example.com").With(DnsBytes.Name("big.example.com"), 16, 60, new byte[4000]).ToArray();
        await sender.SendToAsync(answer, question.RemoteEndPoint);
        await Poll.UntilAsync("one unparsed packet", _ => Task.FromResult(Unparsed() - before), count => count == 1, Poll.Patience, CancellationToken.None);
    }

    private long Unparsed() => network.Mapper.Batches.Sum(batch => (long)(batch.Losses?.Unparsed ?? 0));

    private HashSet<Guid?> Callers(string called) => [.. network.Mapper.GetCalls().Where(call => call.Called == called).Select(call => call.Pod)];

    private List<string> Names(string kind) => [.. network.Mapper.GetNames()
        .Where(name => name.Key.Pod == network.Client.Uid && name.Key.Name.EndsWith($".{kind}.test", StringComparison.Ordinal))
        .SelectMany(name => name.Select(address => $"{name.Key.Name} {address}"))
        .Order(StringComparer.Ordinal)];

    private List<string> Describe(int[] ports) => [.. network.Mapper.GetCalls()
        .Where(call => call.Source == Source.Tcp && call.Pod == network.Client.Uid && Array.Exists(ports, port => call.Called.EndsWith($":{port}", StringComparison.Ordinal)))
        .GroupBy(call => call.Called)
        .Select(calls => PacketWitness.Describe(calls.Key, calls.Sum(call => call.Connected), calls.Sum(call => call.Refused), calls.Sum(call => call.Unanswered)))
        .Order(StringComparer.Ordinal)];

    private Task<SeenCall> WaitAsync(string called, Predicate<SeenCall>? isWanted = null) => Poll.UntilAsync(
        $"a call of {called}",
        _ => Task.FromResult(network.Mapper.GetCalls().FirstOrDefault(
            call => call.Called == called && call.Source == Source.Tcp && (isWanted is null || isWanted(call)))),
        Poll.Patience, CancellationToken.None);
}
