using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Wayleave.Api.Schema;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Tests.Policies;

public class PolicyNameTests
{
    private static readonly Regex _subdomain = new(Patterns.Subdomain, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    [Fact]
    public void A_policy_name_contains_kind_name_and_direction()
    {
        PolicyName.For("StatefulSet", "cart", PolicyDirection.Ingress).ShouldBe("wayleave-statefulset-cart-ingress");
        PolicyName.For("Service", "redis", PolicyDirection.Egress).ShouldBe("wayleave-service-redis-egress");
    }

    [Fact]
    public void Keeps_a_name_of_up_to_62_characters_and_shortens_a_longer_one_to_63()
    {
        var longest = new string('a', 62 - "wayleave-job--ingress".Length);

        PolicyName.For("Job", longest, PolicyDirection.Ingress).ShouldBe($"wayleave-job-{longest}-ingress");
        PolicyName.For("Job", longest + "a", PolicyDirection.Ingress).Length.ShouldBe(63);
        PolicyName.For("Job", new string('a', 253), PolicyDirection.Ingress).Length.ShouldBe(63);
    }

    [Fact]
    public void A_shortened_name_is_stable() =>
        PolicyName.For("Deployment", new string('a', 60), PolicyDirection.Ingress)
            .ShouldBe("wayleave-deployment-aaaaaaaaaaaaaaaaaa-11ee391211c62564-ingress");

    [Fact]
    public void Names_that_differ_past_the_cut_stay_different() =>
        PolicyName.For("Deployment", new string('a', 60) + "1", PolicyDirection.Ingress)
            .ShouldNotBe(PolicyName.For("Deployment", new string('a', 60) + "2", PolicyDirection.Ingress));

    [Fact]
    public void A_workload_named_like_a_shortened_name_gets_another_policy_name()
    {
        var shortened = PolicyName.For("Deployment", new string('a', 60), PolicyDirection.Ingress);
        var impostor = shortened["wayleave-deployment-".Length..^"-ingress".Length];

        PolicyName.For("Deployment", impostor, PolicyDirection.Ingress).ShouldNotBe(shortened);
    }

    [Fact]
    public void Different_subjects_have_different_valid_names() =>
        Prop.ForAll(
            Subjects(),
            Subjects(),
            (left, right) =>
            {
                var names = (Left: Name(left), Right: Name(right));
                return names.Left.Length <= 63
                    && _subdomain.IsMatch(names.Left)
                    && (left == right) == (names.Left == names.Right);
            }).QuickCheckThrowOnFailure();

    private static string Name((string Kind, string Name, PolicyDirection Direction) subject) =>
        PolicyName.For(subject.Kind, subject.Name, subject.Direction);

    // Names of a few similar parts share long prefixes, and the cut falls on every kind of character.
    private static Arbitrary<(string Kind, string Name, PolicyDirection Direction)> Subjects()
    {
        var letters = Gen.Elements("a", "a", "b", "-x", ".y");
        var names = letters.ArrayOf().Select(parts => "a" + string.Concat(parts)).Where(name => name.Length <= 253);
        var longNames = names.Select(name => new string('a', 30) + name);
        var kinds = Gen.Elements(Enum.GetValues<WorkloadKind>()).Select(kind => kind.Name());
        return (from kind in kinds
                from name in Gen.OneOf(names, longNames)
                from direction in Gen.Elements(PolicyDirection.Ingress, PolicyDirection.Egress)
                select (kind, name, direction)).ToArbitrary();
    }
}
