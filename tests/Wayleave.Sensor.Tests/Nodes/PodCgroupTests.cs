using System.Text;
using Wayleave.Sensor.Nodes;

namespace Wayleave.Sensor.Tests.Nodes;

public sealed class PodCgroupTests
{
    private const string Uid = "0c5f6a1e-38b5-4d7d-9a4b-2f3c4d5e6f70";
    private const string Escaped = "0c5f6a1e_38b5_4d7d_9a4b_2f3c4d5e6f70";
    private const string Id = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    [Theory]
    [InlineData($"11:memory:/kubepods/burstable/pod{Uid}/{Id}")]
    [InlineData($"11:memory:/kubepods/pod{Uid}/{Id}")]
    [InlineData($"0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{Escaped}.slice/cri-containerd-{Id}.scope")]
    [InlineData($"0::/kubepods.slice/kubepods-pod{Escaped}.slice/crio-{Id}.scope")]
    [InlineData($"0::/kubepods.slice/kubepods-pod{Escaped}.slice/crio-{Id}.scope/container")]
    [InlineData($"1:name=systemd:/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{Escaped}.slice/docker-{Id}.scope")]
    [InlineData($"4:cpu:/kubepods/besteffort/pod{Uid}/crio-conmon-{Id}")]
    [InlineData($"0::/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod{Escaped}.slice/cri-containerd-{Id}.scope")]
    [InlineData($"0::/system.slice/containerd.service/kubepods-burstable-pod{Escaped}.slice:cri-containerd:{Id}/../kubepods-burstable-pod{Escaped}.slice")]
    [InlineData($"0::/../../kubepods-besteffort-pod{Escaped}.slice/cri-containerd-{Id}.scope")]
    [InlineData($"0::/kubepods/pod{Uid}")]
    public void Finds_the_pod(string line) => PodCgroup.FindPodUidInLine(Encoding.UTF8.GetBytes(line)).ShouldBe(Guid.Parse(Uid));

    [Fact]
    public void Finds_static_pods_by_the_hash_of_their_configuration() =>
        PodCgroup.FindPodUid("/kubepods/burstable/pod0c5f6a1e38b54d7d9a4b2f3c4d5e6f70/x").ShouldBe(Guid.Parse(Uid));

    [Fact]
    public void Takes_the_inner_pod_where_a_node_is_itself_a_pod() =>
        PodCgroup.FindPodUid($"/kubepods/pod11111111-38b5-4d7d-9a4b-2f3c4d5e6f70/{Id}/kubelet/kubepods/pod{Uid}/{Id}").ShouldBe(Guid.Parse(Uid));

    [Theory]
    [InlineData("0::/")]
    [InlineData("")]
    [InlineData("0::/system.slice/sshd.service")]
    [InlineData("0::/kubepods/podman-1234/x")]
    [InlineData("0::/kubepods/pod0c5f6a1e-38b5-4d7d-9a4b-2f3c4d5e6f7/x")]
    [InlineData("0::/kubepods/podzzzzzzzz-38b5-4d7d-9a4b-2f3c4d5e6f70/x")]
    public void Finds_nothing_elsewhere(string line) => PodCgroup.FindPodUidInLine(Encoding.UTF8.GetBytes(line)).ShouldBeNull();
}
