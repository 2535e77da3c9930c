using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Exposure;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Reconciling;

/// <summary>Gathers from the caches all that a decision about one server depends on. Makes no API request.</summary>
internal sealed class ServerInputsReader(ClusterCache cache, NamespaceSettingsCache governance)
{
    public ServerInputs Read(PolicyKey key) => key.Type == SubjectType.Workload ? ReadWorkload(key) : ReadService(key);

    private ServerInputs ReadWorkload(PolicyKey key)
    {
        var inputs = ReadAny(key);
        var protections = cache.Protections.Store.ByIndex(Indexers.Server, key.ToString());
        var references = inputs.Intents.Select(call => call.Reference.Workload)
            .Concat(protections.Select(static protection => protection.Parse().Workload))
            .OfType<ParsedWorkloadRef>();
        List<Workload> candidates = [.. cache.Workloads.FindWithOverlaps(key.Namespace, key.Name), .. cache.SelectedPods(references)];
        var lastKnown = cache.Workloads.LastKnown(key.Namespace, key.Name);
        var labels = candidates.Concat(lastKnown)
            .SelectMany(workload => workload.SelectedWorkloads.Append(workload))
            .Select(workload => workload.PodLabels)
            .Concat(inputs.ExistingPolicies.Select(policy => policy.Spec?.PodSelector?.MatchLabels));
        return inputs with
        {
            Protections = protections,
            Candidates = candidates,
            LastKnown = lastKnown,
            Services = ServicesFor(key.Namespace, labels, null),
        };
    }

    private ServerInputs ReadService(PolicyKey key)
    {
        var name = new NamespacedName(key.Namespace, key.Name);
        var present = cache.Services.Store.Get(name);
        var service = present ?? cache.LastKnownService(name);
        var backends = cache.FindBackends(service);
        var labels = backends.Select(backend => backend.PodLabels).Append(service?.Spec?.Selector);
        var inputs = ReadAny(key);

        // After a restart, the selector of a deleted Service is known only from its existing policy.
        var selector = service is null
            ? inputs.ExistingPolicies.Select(policy => policy.Spec?.PodSelector?.MatchLabels).FirstOrDefault()
            : service.Spec?.Selector;
        return inputs with
        {
            Protections = ProtectionsBehind(key.Namespace, selector, isCertain: true),
            PossibleProtections = ProtectionsBehind(key.Namespace, selector, isCertain: false),
            Service = service,
            IsServicePresent = present is not null,
            Backends = backends,
            Services = ServicesFor(key.Namespace, labels, service),
        };
    }

    private ServerInputs ReadAny(PolicyKey key)
    {
        var rule = governance.GetSettings(key.Namespace);
        var declarations = cache.Intents.Store.ByIndex(Indexers.Server, key.ToString());
        var existing = cache.Policies.Store.ByIndex(Indexers.Server, key.ToString());
        var retained = declarations
            .Where(intents => intents.Parse().IsRetained && IsAccepted(rule, intents))
            .Select(intents => intents.Metadata.NamespaceProperty ?? "");
        return new ServerInputs
        {
            Key = key,
            Intents = Calls(key, rule, declarations),
            NamespaceExists = Namespace(key.Namespace) is { Metadata.DeletionTimestamp: null },
            IsWatched = cache.Watches(key.Namespace),
            Settings = rule,
            Network = cache.Network.Current,
            IsExposureKnown = cache.IsExposureKnown,
            ApiServerProxies = cache.Workloads.Controllers.Find(WellKnownIngressControllers.ApiServerProxy),
            ExistingPolicies = existing,
            RetainedNamespaces = retained.ToHashSet(StringComparer.Ordinal),
        };
    }

    private List<IngressIntent> Calls(PolicyKey key, NamespaceSettings rule, IReadOnlyList<ClientIntents> declarations)
    {
        var calls = new List<IngressIntent>();
        foreach (var intents in declarations)
        {
            if (intents.Parse().Client is not { } reference)
            {
                continue;
            }

            var clientNamespace = intents.Metadata.NamespaceProperty ?? "";
            List<Workload> candidates =
            [
                .. cache.Workloads.FindWithOverlaps(clientNamespace, reference.Name),
                .. cache.SelectedPods([reference]),
            ];
            var client = WorkloadResolver.Resolve(reference, candidates);
            var state = NamespaceStateReader.GetState(Namespace(clientNamespace));
            var lastKnown = client switch
            {
                WorkloadResolution.NotFound => LastKnown(intents, reference),
                WorkloadResolution.Ambiguous => Recorded(intents, reference),
                _ => [],
            };
            var isAccepted = IsAccepted(rule, intents);
            var targets = intents.Parse().TargetsOn(key);
            calls.AddRange(targets.Select(target => new IngressIntent(intents, target, client, state)
            {
                ClientCandidates = candidates,
                LastKnownClient = client is WorkloadResolution.NotFound && lastKnown is [var one] ? one : null,
                LastKnownClients = lastKnown,
                IsAccepted = isAccepted,
            }));
        }

        return calls;
    }

    private bool IsAccepted(NamespaceSettings rule, ClientIntents intents) =>
        rule.AcceptFrom is null
            || SelectorMatch.Matches(rule.AcceptFrom, Namespace(intents.Metadata.NamespaceProperty ?? "")?.Metadata.Labels);

    private List<Workload> LastKnown(ClientIntents intents, ParsedWorkloadRef reference)
    {
        List<Workload> seen =
            [.. cache.Workloads.LastKnown(reference.Namespace, reference.Name)
                .Where(workload => reference.Kind is null || workload.Kind == reference.Kind)];
        return seen.Count > 0 ? seen : Recorded(intents, reference);
    }

    private List<Workload> Recorded(ClientIntents intents, ParsedWorkloadRef reference) =>
        RecordedClients.Find(intents, reference, cache.Name) is { } recorded ? [recorded] : [];

    private List<ExposedService> ServicesFor(string @namespace, IEnumerable<IDictionary<string, string>?> podLabels, PartialService? own)
    {
        var services = podLabels.SelectMany(labels => cache.Services.Store.ServicesFor(@namespace, labels));
        services = own is null ? services : services.Append(own);
        return services.DistinctBy(NamespacedName.From).Select(
            service => new ExposedService(service, cache.Exposure.Find(NamespacedName.From(service)))).ToList();
    }

    private List<ProtectedService> ProtectionsBehind(string @namespace, IDictionary<string, string>? selector, bool isCertain) =>
        selector is { Count: > 0 }
        ? cache.Protections.Store
            .ByIndex(Indexers.Namespace, @namespace)
            .Where(protection => IsBehind(protection, selector, isCertain))
            .ToList()
        : [];

    private bool IsBehind(ProtectedService protection, IDictionary<string, string> selector, bool isCertain)
    {
        if (protection.Parse().Workload is not { } reference)
        {
            return false;
        }

        List<Workload> candidates = [.. cache.Workloads.Find(reference.Namespace, reference.Name), .. cache.SelectedPods([reference])];
        return WorkloadResolver.Resolve(reference, candidates) switch
        {
            WorkloadResolution.Found found =>
                isCertain && found.Workload.Templates.Select(template => template.PodLabels).Append(found.Workload.PodLabels)
                .Any(labels => SelectorEquality.ContainsAll(labels, selector)),
            WorkloadResolution.Ambiguous => !isCertain && candidates.Any(candidate =>
                !candidate.IsOwned && !candidate.SelectsEverything && SelectorEquality.ContainsAll(candidate.PodLabels, selector)),

            // Its Pods may still run.
            WorkloadResolution.NotFound => !isCertain && (
                cache.Workloads.LastKnown(reference.Namespace, reference.Name)
                    .Any(workload =>
                        (reference.Kind is null || workload.Kind == reference.Kind)
                        && SelectorEquality.ContainsAll(workload.PodLabels, selector))
                || cache.Policies.Store.ByIndex(
                    Indexers.Server, new PolicyKey(SubjectType.Workload, reference.Namespace, reference.Name).ToString())
                    .Select(PolicyMetadataReader.ReadSubject)
                    .Any(pods =>
                        (reference.Kind is null || pods?.Kind == reference.Kind.Value.Name())
                        && SelectorEquality.ContainsAll(pods?.PodSelector.MatchLabels, selector))),
            _ => false,
        };
    }

    private V1Namespace? Namespace(string name) => cache.Namespaces.Store.Get(new NamespacedName("", name));
}
