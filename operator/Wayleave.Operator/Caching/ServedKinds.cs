namespace Wayleave.Operator.Caching;

/// <summary>Which of the kinds that API servers before 1.21 do not serve are there.</summary>
/// <param name="CronJobs">In <c>batch/v1</c>.</param>
/// <param name="EndpointSlices">In <c>discovery.k8s.io/v1</c>; Endpoints are read instead.</param>
internal readonly record struct ServedKinds(bool CronJobs, bool EndpointSlices);
