using System.Net.Sockets;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Status;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Exposure;

/// <summary>The rules that keep an exposed server reachable from outside the cluster, on the exposed ports only.</summary>
internal sealed class ExternalTraffic
{
    private readonly ServerInputs _inputs;
    private readonly IReadOnlyList<Workload> _selected;
    private readonly PortSet _outside = new();
    private readonly AllowedPodSet _controllers = new();
    private readonly List<V1NetworkPolicyIngressRule> _rules = [];
    private readonly List<Warning> _warnings = [];

    private PortSet? _configured;
    private bool _isOutside;
    private string? _firstOutside;

    /// <param name="subject">Whose Pods the policy selects.</param>
    /// <param name="selected">Every workload whose Pods the policy isolates, as far as they are known.</param>
    /// <param name="inputs">All that is known of the server.</param>
    public ExternalTraffic(PolicySubject subject, IReadOnlyList<Workload> selected, ServerInputs inputs)
    {
        _inputs = inputs;
        _selected = selected;
        Services =
        [
            .. inputs.Services
                .Where(service => LeadsTo(service.Service, subject, selected))
                .OrderBy(service => service.Service.Metadata.Name ?? "", StringComparer.Ordinal),
        ];
        if (inputs.Settings.AllowsExternal)
        {
            foreach (var service in Services)
            {
                Add(service);
            }

            AddRules();
        }
    }

    /// <summary>The Services that lead to the server's Pods.</summary>
    public IReadOnlyList<ExposedService> Services { get; }

    /// <summary>In a fixed order. Empty if the server is not exposed, or if external traffic is set to Never.</summary>
    public IReadOnlyList<V1NetworkPolicyIngressRule> Rules => _rules;

    /// <summary>What cannot be allowed correctly.</summary>
    public IReadOnlyList<Warning> Warnings => _warnings;

    // Without a template, the labels that the policy selects by are all that is known of the Pods.
    private static bool LeadsTo(PartialService service, PolicySubject subject, IReadOnlyList<Workload> selected)
    {
        if (service.Spec?.Selector is not { Count: > 0 } selector)
        {
            return false;
        }

        return SelectorEquality.ContainsAll(subject.PodSelector.MatchLabels, selector)
            || (subject.Kind == PolicySubject.Service && subject.Name == service.Metadata.Name)
            || selected.Any(workload =>
                !workload.AllPodsUseHostNetwork
                && SelectorEquality.ContainsAll(workload.PodLabels, selector)
                && SelectorMatch.Matches(subject.PodSelector, workload.PodLabels));
    }

    private void Add(ExposedService exposed)
    {
        var selector = exposed.Service.Spec?.Selector;
        var ports = new ServicePorts(
            exposed.Service.Spec?.Ports, _selected.Where(workload => SelectorEquality.ContainsAll(workload.PodLabels, selector)).ToList());
        if (exposed.IsExternal)
        {
            Outside(ports.Find([], out _), $"Service {exposed.Service.Metadata.NamespaceProperty}/{exposed.Service.Metadata.Name}");
        }

        var references = exposed.References
            .OrderBy(reference => reference.Source, StringComparer.Ordinal)
            .ThenBy(reference => reference.Port?.ToString(), StringComparer.Ordinal)
            .ThenBy(reference => reference.Controller?.Class, StringComparer.Ordinal);
        foreach (var reference in references)
        {
            Add(reference, ports);
        }
    }

    private void Add(ServiceExposure reference, ServicePorts service)
    {
        var ports = service.Find(reference.Port is { } port ? [port] : [], out var missing);
        if (missing is not null || ports.Count == 0)
        {
            Warn(Reasons.ExposedPortNotFound, missing is null
                ? $"{reference.Source}: its Service has no ports; add the port to the Service"
                : $"{reference.Source}: its Service has no port {missing}; correct the port, or add it to the Service");
            return;
        }

        switch (reference.Controller)
        {
            case null:
                Outside(ports, reference.Source);
                _inputs.ApiServerProxies
                    .Where(proxy => !proxy.AllPodsUseHostNetwork)
                    .ToList()
                    .ForEach(proxy => _controllers.Allow(proxy.Subject, ports));
                break;
            case { Controller: { } controller } when WellKnownIngressControllers.IsExternalLoadBalancer(controller):
                Outside(ports, reference.Source);
                break;
            case var _ when _inputs.Settings.IngressControllers.Count > 0:
                (_configured ??= new PortSet()).Add(ports);
                break;
            case { } match:
                ThroughController(reference.Source, match, ports);
                break;
        }
    }

    private void ThroughController(string source, IngressControllerMatch match, IReadOnlyList<PolicyPort> ports)
    {
        const string Configure = "name its Pods in spec.allow.ingressControllers of the EnforcementPolicy";
        if (match.Controller is not { } controller)
        {
            Warn(Reasons.IngressClassNotFound, match.Class is null
                ? $"{source}: no class is set and none is the default, so that its controller is not known; set the class, or {Configure}"
                : $"{source}: there is no class {Text.TextSanitizer.Quote(match.Class)}, so that its controller is not known; create the class, or {Configure}");
        }
        else if (WellKnownIngressControllers.FindKey(controller) is null)
        {
            Warn(
                Reasons.UnknownIngressController,
                $"{source}: the Pods of controller {Text.TextSanitizer.Quote(controller)} are not known; {Configure}");
        }
        else if (match.Pods.Count == 0)
        {
            Warn(Reasons.IngressControllerNotFound, $"{source}: no Pods of controller {Text.TextSanitizer.Quote(controller)} were found by their documented labels; {Configure}");
        }

        foreach (var pods in match.Pods)
        {
            if (pods.AllPodsUseHostNetwork)
            {
                Outside(ports, source);
            }
            else
            {
                _controllers.Allow(pods.Subject, ports);
            }
        }
    }

    private void Outside(IReadOnlyList<PolicyPort> ports, string source)
    {
        // A Service without ports forwards nothing.
        if (ports.Count > 0)
        {
            _isOutside = true;
            _firstOutside ??= source;
            _outside.Add(ports);
        }
    }

    private void AddRules()
    {
        if (_configured is { } configured)
        {
            _rules.Add(new V1NetworkPolicyIngressRule
            {
                FromProperty = [.. _inputs.Settings.IngressControllers],
                Ports = NetworkPolicyBuilder.Ports(configured.ToOrderedList()),
            });
        }

        _rules.AddRange(NetworkPolicyBuilder.IngressRules(_controllers.ToOrderedList()));

        // If the Pod ranges include every address, no address is outside the cluster.
        V1NetworkPolicyPeer?[] outside = _isOutside
            ? [Outside("0.0.0.0/0", AddressFamily.InterNetwork), Outside("::/0", AddressFamily.InterNetworkV6)]
            : [];
        if (outside.OfType<V1NetworkPolicyPeer>().ToList() is { Count: > 0 } peers)
        {
            _rules.Add(
                new V1NetworkPolicyIngressRule { FromProperty = peers, Ports = NetworkPolicyBuilder.Ports(_outside.ToOrderedList()) });
            if (_inputs.Network.PodRanges.Count == 0)
            {
                Warn(
                    Reasons.PodRangesUnknown,
                    $"{_firstOutside}: the cluster's Pod ranges are unknown, so Pods are also allowed on its ports; set operator.podCIDRs (--pod-cidrs)");
            }
        }
    }

    private V1NetworkPolicyPeer? Outside(string cidr, AddressFamily family)
    {
        var pods = _inputs.Network.PodRanges
            .Where(range => range.BaseAddress.AddressFamily == family)
            .Select(range => range.ToString())
            .ToList();
        return pods.Contains(cidr)
            ? null
            : new V1NetworkPolicyPeer { IpBlock = new V1IPBlock { Cidr = cidr, Except = pods.Count == 0 ? null : pods } };
    }

    private void Warn(string reason, string message) => _warnings.Add(new Warning(ConditionTypes.ExternalTraffic, reason, message));
}
