using k8s;
using k8s.Models;
using Wayleave.Enforcement.Exposure;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Operator.Caching;

/// <summary>
/// Ingresses, Gateway API routes, webhooks and aggregated APIs, which expose Services. Cached only while a namespace allows external
/// traffic. Thread-safe.
/// </summary>
internal sealed class ExposureCache
{
    private const string ByService = "service";
    private const string GatewayGroup = ".gateway.networking.k8s.io";
    private const string LegacyClass = "kubernetes.io/ingress.class";
    private const string DefaultClass = "ingressclass.kubernetes.io/is-default-class";

    private readonly bool _isOneNamespace;
    private readonly IngressControllerIndex _controllers;
    private readonly List<Action<NamespacedName>> _handlers = [];
    private readonly List<Action> _allHandlers = [];
    private readonly List<Action> _syncedHandlers = [];
    private readonly OptionalInformer<V1Ingress> _ingresses;
    private readonly OptionalInformer<V1IngressClass> _classes;
    private readonly OptionalInformer<PartialValidatingWebhookConfiguration> _validating;
    private readonly OptionalInformer<PartialMutatingWebhookConfiguration> _mutating;
    private readonly OptionalInformer<PartialCustomResourceDefinition> _definitions;
    private readonly OptionalInformer<PartialAPIService> _apiServices;
    private readonly OptionalInformer<V1GatewayClass> _gatewayClasses;
    private readonly OptionalInformer<V1Gateway> _gateways;
    private readonly OptionalInformer<V1beta1ReferenceGrant> _grants;
    private readonly List<RouteSource> _routes;
    private readonly List<(IOptionalInformer Informer, string Version)> _gatewayKinds;
    private volatile bool _isWanted;

    public ExposureCache(InformerFactory informers, IngressControllerIndex controllers)
    {
        _isOneNamespace = informers.OnlyNamespace is not null;
        _controllers = controllers;
        _ingresses = CreateBackendInformer<V1Ingress>(informers, ServiceBackend.From, LegacyClass);
        _classes = CreateReferenceInformer<V1IngressClass>(informers, DefaultClass);
        _validating = CreateBackendInformer<PartialValidatingWebhookConfiguration>(informers, ServiceBackend.From);
        _mutating = CreateBackendInformer<PartialMutatingWebhookConfiguration>(informers, ServiceBackend.From);
        _definitions = CreateBackendInformer<PartialCustomResourceDefinition>(informers, ServiceBackend.From);
        _apiServices = CreateBackendInformer<PartialAPIService>(informers, ServiceBackend.From);
        _gatewayClasses = CreateReferenceInformer<V1GatewayClass>(informers);
        _gateways = CreateReferenceInformer<V1Gateway>(informers);
        _grants = CreateReferenceInformer<V1beta1ReferenceGrant>(informers);
        _routes =
        [
            Routes<V1HTTPRoute>(informers),
            Routes<V1GRPCRoute>(informers),
            Routes<V1TLSRoute>(informers),
            Routes<V1alpha2TLSRoute>(informers),
            Routes<V1alpha2TCPRoute>(informers),
        ];
        _gatewayKinds =
        [
            (_gatewayClasses, "v1"), (_gateways, "v1"), (_grants, "v1beta1"),
            .. _routes.Select(route => (route.Informer, route.Version)),
        ];
        _definitions.AddHandler(DefinitionChanged);
        controllers.Changed = Everything;
        foreach (var informer in All)
        {
            informer.OnSynced = () => _syncedHandlers.ForEach(handler => handler());
        }
    }

    /// <summary>All that may have to be read. They read nothing until <see cref="SetEnabled"/> is called.</summary>
    public IReadOnlyList<IInformer> Informers => [.. All];

    /// <summary>Whether all that is wanted has been read.</summary>
    public bool HasSynced => All.All(informer => ((IInformer)informer).HasSynced);

    /// <summary>Whether this is read now.</summary>
    public bool IsEnabled => _isWanted;

    private IEnumerable<IOptionalInformer> ClusterScoped => [_classes, _validating, _mutating, _definitions, _apiServices];

    private IEnumerable<IOptionalInformer> All =>
        [_ingresses, .. ClusterScoped, .. _gatewayKinds.Select(kind => kind.Informer)];

    /// <summary>Starts to read, or stops.</summary>
    public void SetEnabled(bool isWanted)
    {
        _isWanted = isWanted;
        _ingresses.SetEnabled(isWanted);

        // With permissions in one namespace only, cluster-scoped kinds cannot be read.
        var isWide = isWanted && !_isOneNamespace;
        foreach (var informer in ClusterScoped)
        {
            informer.SetEnabled(isWide);
        }

        if (!isWide)
        {
            _gatewayKinds.ForEach(kind => kind.Informer.SetEnabled(false));
        }
    }

    /// <summary>Called for each Service whose exposure changed. Add handlers before the informers run.</summary>
    public void AddHandler(Action<NamespacedName> handler) => _handlers.Add(handler);

    /// <summary>Called when any exposed Service may be affected. Add handlers before the informers run.</summary>
    public void AddAnyServiceHandler(Action handler) => _allHandlers.Add(handler);

    /// <summary>Called when another informer has synced. Add handlers before the informers run.</summary>
    public void AddSyncedHandler(Action handler) => _syncedHandlers.Add(handler);

    /// <summary>Every Service that an Ingress or a route leads to, each once.</summary>
    public IReadOnlyCollection<NamespacedName> FindExposedServices()
    {
        var services = new HashSet<NamespacedName>();
        services.UnionWith(_ingresses.Store.List().SelectMany(ServiceBackend.From).Select(backend => backend.Service));
        services.UnionWith(_routes.SelectMany(route => route.List()).SelectMany(ServiceBackend.From).Select(backend => backend.Service));
        return services;
    }

    /// <summary>What leads to a Service, in any order.</summary>
    public IReadOnlyList<ServiceExposure> Find(NamespacedName service)
    {
        var found = new List<ServiceExposure>();
        var key = service.ToString();
        foreach (var ingress in _ingresses.Store.ByIndex(ByService, key))
        {
            Add(found, service, ServiceBackend.From(ingress), $"Ingress {NamespacedName.From(ingress)}", ControllerOf(ingress));
        }

        foreach (var source in _routes)
        {
            foreach (var route in source.ByIndex(key).Where(route => IsGranted(route, source.Kind, service)))
            {
                foreach (var match in ControllersOf(route))
                {
                    Add(found, service, ServiceBackend.From(route), $"{source.Kind} {NamespacedName.From(route)}", match);
                }
            }
        }

        AddCalled(_validating, "ValidatingWebhookConfiguration", ServiceBackend.From);
        AddCalled(_mutating, "MutatingWebhookConfiguration", ServiceBackend.From);
        AddCalled(_definitions, "CustomResourceDefinition", ServiceBackend.From);
        AddCalled(_apiServices, "APIService", ServiceBackend.From);
        return found;

        void AddCalled<TEntity>(OptionalInformer<TEntity> informer, string kind, Func<TEntity, IEnumerable<ServiceBackend>> backends)
            where TEntity : class, IKubernetesObject<V1ObjectMeta>
        {
            foreach (var entity in informer.Store.ByIndex(ByService, key))
            {
                Add(found, service, backends(entity), $"{kind} {entity.Metadata.Name}", controller: null);
            }
        }
    }

    private static void Add(
        List<ServiceExposure> found, NamespacedName service, IEnumerable<ServiceBackend> backends, string source,
        IngressControllerMatch? controller) =>
        found.AddRange(backends.Where(backend => backend.Service == service).Select(backend => backend.Port).Distinct()
            .Select(port => new ServiceExposure(source, port, controller)));

    private OptionalInformer<TEntity> CreateBackendInformer<TEntity>(
        InformerFactory informers, Func<TEntity, IEnumerable<ServiceBackend>> backends, params string[] annotations)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var informer = new OptionalInformer<TEntity>(informers, new InformerOptions<TEntity>
        {
            Transform = entity => CacheTransforms.TrimExceptAnnotations(entity, annotations),
            Indexes = new Dictionary<string, Func<TEntity, IEnumerable<string>>>(StringComparer.Ordinal)
            {
                [ByService] = entity => backends(entity).Select(backend => backend.Service.ToString()).Distinct(StringComparer.Ordinal),
            },
        });
        informer.AddHandler((old, now) =>
        {
            foreach (var service in FindExposedServices(old).Union(FindExposedServices(now)))
            {
                _handlers.ForEach(handler => handler(service));
            }
        });
        return informer;

        IEnumerable<NamespacedName> FindExposedServices(TEntity? entity) =>
            entity is null ? [] : backends(entity).Select(backend => backend.Service);
    }

    // A change of what routes and Ingresses refer to.
    private OptionalInformer<TEntity> CreateReferenceInformer<TEntity>(InformerFactory informers, params string[] annotations)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var informer = new OptionalInformer<TEntity>(
            informers, new InformerOptions<TEntity> { Transform = entity => CacheTransforms.TrimExceptAnnotations(entity, annotations) });
        informer.AddHandler((old, now) =>
        {
            if (informer.HasSynced && !IsSame(old, now))
            {
                Everything();
            }
        });
        return informer;

        // Annotations belong to no generation.
        static bool IsSame(TEntity? old, TEntity? now) =>
            old?.Metadata.Generation == now?.Metadata.Generation
                && SelectorEquality.LabelsEqual(old?.Metadata.Annotations, now?.Metadata.Annotations);
    }

    private RouteSource Routes<TRoute>(InformerFactory informers)
        where TRoute : GatewayRoute
    {
        var informer = CreateBackendInformer<TRoute>(informers, ServiceBackend.From);
        var definition = informers.Definition<TRoute>();
        return new RouteSource(informer, definition.Kind, definition.ApiVersion)
        {
            List = () => informer.Store.List(),
            ByIndex = key => informer.Store.ByIndex(ByService, key),
        };
    }

    private void Everything() => _allHandlers.ForEach(handler => handler());

    // The Gateway API is installed as CRDs: its kinds are read while they are there. Of two versions of a kind one is enough.
    private void DefinitionChanged(PartialCustomResourceDefinition? old, PartialCustomResourceDefinition? now)
    {
        var name = (now ?? old)!.Metadata.Name ?? "";
        if (!name.EndsWith(GatewayGroup, StringComparison.Ordinal))
        {
            return;
        }

        var resource = name[..^GatewayGroup.Length];
        var isTaken = false;
        foreach (var (informer, version) in _gatewayKinds)
        {
            if (informer.Resource == resource)
            {
                var isServed = now?.Spec?.Versions?.Exists(served => served.Name == version && served.Served == true) == true;
                informer.SetEnabled(isServed && !isTaken && _isWanted);
                isTaken |= isServed;
            }
        }
    }

    private IngressControllerMatch ControllerOf(V1Ingress ingress)
    {
        var annotated = ingress.Metadata.Annotations.Find(LegacyClass);
        var name = ingress.Spec?.IngressClassName ?? annotated;
        var found = name is null
            ? _classes.Store.List().FirstOrDefault(entry => entry.Metadata.Annotations.Find(DefaultClass) == "true")
            : _classes.Store.Get(new NamespacedName("", name));
        var controller = found?.Spec?.Controller ?? (name is null ? null : WellKnownIngressControllers.FindControllerByClass(name));
        return Match(name, controller);
    }

    private IEnumerable<IngressControllerMatch> ControllersOf(GatewayRoute route) => (route.Spec?.ParentRefs ?? [])
        .Where(parent => parent.Kind is null or "Gateway")
        .Select(parent => _gateways.Store.Get(new NamespacedName(parent.Namespace ?? route.Metadata.NamespaceProperty ?? "", parent.Name ?? ""))?.Spec?.GatewayClassName)
        .Distinct(StringComparer.Ordinal)
        .Select(name => Match(name, name is null ? null : _gatewayClasses.Store.Get(new NamespacedName("", name))?.Spec?.ControllerName));

    private IngressControllerMatch Match(string? name, string? controller) =>
        new(
            name,
            controller,
            controller is not null && WellKnownIngressControllers.FindKey(controller) is { } key ? _controllers.Find(key) : []);

    // Without a grant, a gateway refuses a route to a Service of another namespace.
    private bool IsGranted(GatewayRoute route, string kind, NamespacedName service)
    {
        var own = route.Metadata.NamespaceProperty;
        return own == service.Namespace || _grants.Store.List().Any(grant =>
            grant.Metadata.NamespaceProperty == service.Namespace
            && grant.Spec?.From?.Exists(
                from => from.Namespace == own && from.Kind == kind && from.Group == "gateway.networking.k8s.io") == true
            && grant.Spec.To?.Exists(
                to => to.Kind == "Service" && to.Group is null or "" && (to.Name is null || to.Name == service.Name)) == true);
    }

    // One kind of route in one version.
    private sealed record RouteSource(IOptionalInformer Informer, string Kind, string Version)
    {
        public required Func<IReadOnlyList<GatewayRoute>> List { get; init; }

        public required Func<string, IReadOnlyList<GatewayRoute>> ByIndex { get; init; }
    }
}
