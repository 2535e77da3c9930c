using System.Globalization;
using System.Net;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Internet;

namespace Wayleave.Enforcement.Tests.Internet;

public sealed class SeenDomainTests
{
    private const string Wildcard = "*.example.com";
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset _longAgo = _start.AddDays(-40);

    [Theory]
    [InlineData("*.example.com", "a.example.com", true)]
    [InlineData("*.example.com", "a.b.example.com", true)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("*.example.com", ".example.com", false)]
    [InlineData("*.example.com", "badexample.com", false)]
    [InlineData("*.example.com", "a.example.com.evil.net", false)]
    [InlineData("api.example.com", "api.example.com", true)]
    [InlineData("api.example.com", "b.api.example.com", false)]
    public void A_wildcard_includes_names_of_one_label_or_more(string declared, string name, bool isIncluded) =>
        DomainPattern.Includes(declared, name).ShouldBe(isIncluded);

    [Fact]
    public void Has_the_addresses_of_every_name_below_a_wildcard_whatever_became_of_the_calls()
    {
        var connected = Call("a.example.com", "203.0.113.1");
        var resolved = Call("b.c.example.com", "203.0.113.2", "2001:db8::1");
        var infrastructure = Call("d.example.com", "203.0.113.3");
        var other = Call("example.com", "203.0.113.9");
        (connected.Outcome, resolved.Outcome) = (ObservedOutcomes.Connected, ObservedOutcomes.Resolved);
        infrastructure.Class = ObservedClasses.Infrastructure;

        Open(Restore().Update(Seen(_longAgo, connected, resolved, infrastructure, other), _start))
            .ShouldBe(["2001:db8::1", "203.0.113.1", "203.0.113.2", "203.0.113.3"]);
    }

    [Fact]
    public void Adds_what_the_Pods_got_to_what_the_operator_found()
    {
        var own = new DomainHistory("api.example.com").WithAnswer(Addresses("203.0.113.1", "203.0.113.2"), _start).Answer;
        var seen = SeenDomain.Restore("api.example.com", []).Update(Seen(_longAgo, Call("api.example.com", "203.0.113.2", "10.0.0.7")), _start);

        var answer = seen.Complete(own);

        answer.Addresses.ShouldBe(Addresses("203.0.113.1", "203.0.113.2", "10.0.0.7"));
        answer.Observed.ShouldBe(Addresses("10.0.0.7"));
    }

    [Fact]
    public void An_address_that_the_map_replaced_stays_for_ten_minutes()
    {
        var seen = Restore().Update(Seen(_longAgo, Call("a.example.com", "203.0.113.1")), _start);

        // It was in the map until the change, however long ago it came.
        var changed = _start.AddDays(3);
        var map = Seen(_longAgo, Call("a.example.com", "203.0.113.2"));
        seen = seen.Update(map, changed);
        Open(seen).ShouldBe(["203.0.113.1", "203.0.113.2"]);
        seen.FindNextExpiry().ShouldBe(changed.AddMinutes(10));

        Open(seen.Update(map, changed.AddMinutes(10))).Count.ShouldBe(2);
        var later = seen.Update(map, changed.AddMinutes(10).AddSeconds(1));
        Open(later).ShouldBe(["203.0.113.2"]);
        later.FindNextExpiry().ShouldBeNull();
    }

    [Fact]
    public void All_addresses_stay_without_a_limit_while_the_map_has_no_entry()
    {
        var seen = Restore().Update(Seen(_longAgo, Call("a.example.com", "203.0.113.1"), Call("b.example.com", "203.0.113.2")), _start);

        seen = seen.Update(SeenAnswers.Missing, _start.AddMinutes(1));
        seen = seen.Update(SeenAnswers.Missing, _start.AddDays(300));

        Open(seen).ShouldBe(["203.0.113.1", "203.0.113.2"]);
        Answer(seen).HasForgotten.ShouldBeTrue();
    }

    [Fact]
    public void A_new_entry_replaces_the_addresses_of_the_old_one_after_a_day()
    {
        var seen = Restore().Update(Seen(_longAgo, Call("a.example.com", "203.0.113.1"), Call("b.example.com", "203.0.113.2")), _start);
        var again = Seen(_start.AddHours(1), Call("b.example.com", "203.0.113.2"));

        seen = seen.Update(again, _start.AddHours(2));
        (Open(seen).Count, Answer(seen).HasForgotten).ShouldBe((2, true));
        var nextExpiry = seen.FindNextExpiry()!.Value;
        seen = seen.Update(again, nextExpiry.AddSeconds(1));
        seen = seen.Update(again, seen.FindNextExpiry()!.Value.AddSeconds(1));
        Open(seen).Count.ShouldBe(2);

        var settled = Seen(_start.AddHours(1), _start.AddHours(25), Call("b.example.com", "203.0.113.2"));
        seen = seen.Update(settled, _start.AddHours(25));
        Answer(seen).HasForgotten.ShouldBeFalse();
        Open(seen.Update(settled, _start.AddHours(25).AddMinutes(11))).ShouldBe(["203.0.113.2"]);
    }

    [Fact]
    public void Of_several_entries_the_addresses_of_one_that_is_gone_stay_for_a_day()
    {
        var (cart, web) = (Entry(_longAgo, Call("a.example.com", "203.0.113.1")), Entry(_longAgo.AddDays(1), Call("b.example.com", "203.0.113.2")));
        var seen = Restore().Update(SeenAnswers.Read([cart, web], _start), _start);

        var lost = _start.AddHours(1);
        seen = seen.Update(SeenAnswers.Read([web], lost), lost);
        (Open(seen).Count, Answer(seen).HasForgotten, seen.FindNextExpiry()).ShouldBe((2, true, lost.AddMinutes(10)));
        seen = seen.Update(SeenAnswers.Read([web], lost.AddHours(23)), lost.AddHours(23));
        (Open(seen).Count, seen.FindNextExpiry()).ShouldBe((2, lost.AddDays(1)));

        seen = seen.Update(SeenAnswers.Read([web], lost.AddDays(1)), lost.AddDays(1));
        Answer(seen).HasForgotten.ShouldBeFalse();
        Open(seen.Update(SeenAnswers.Read([web], lost.AddDays(2)), lost.AddDays(2))).ShouldBe(["203.0.113.2"]);
    }

    [Fact]
    public void In_a_new_entry_of_a_client_that_was_never_seen_addresses_expire_as_usual()
    {
        var seen = Restore().Update(SeenAnswers.Missing, _start);
        seen = seen.Update(Seen(_start, Call("a.example.com", "203.0.113.1")), _start.AddSeconds(1));
        seen = seen.Update(Seen(_start, Call("a.example.com", "203.0.113.2")), _start.AddMinutes(1));
        (Open(seen).Count, Answer(seen).HasForgotten).ShouldBe((2, false));

        Open(seen.Update(Seen(_start, Call("a.example.com", "203.0.113.2")), _start.AddMinutes(12))).ShouldBe(["203.0.113.2"]);
    }

    [Fact]
    public void After_a_restart_the_addresses_of_the_status_stay_until_the_map_is_read()
    {
        var seen = Restore("203.0.113.1").Update(SeenAnswers.Unread, _start);

        var answer = Answer(seen);
        answer.Addresses.ShouldBe(Addresses("203.0.113.1"));
        (answer.IsKnown, answer.IsComplete).ShouldBe((false, false));

        var map = Seen(_longAgo, Call("a.example.com", "203.0.113.2"));
        seen = seen.Update(map, _start.AddMinutes(1));
        Answer(seen).IsComplete.ShouldBeTrue();
        Open(seen.Update(map, _start.AddMinutes(12))).ShouldBe(["203.0.113.2"]);
    }

    [Fact]
    public void A_status_with_as_many_addresses_as_it_lists_may_not_have_all_of_them()
    {
        string[] listed = [.. Enumerable.Range(1, SeenDomain.MaxListed).Select(number => $"203.0.113.{number}")];

        Answer(Restore(listed).Update(SeenAnswers.Missing, _start)).IsComplete.ShouldBeFalse();
        Answer(Restore(listed[1..]).Update(SeenAnswers.Missing, _start)).IsComplete.ShouldBeTrue();
        Answer(Restore(listed).Update(Seen(_longAgo), _start)).IsComplete.ShouldBeTrue();
    }

    // Whatever happens to the map, nothing opens that it never had, and nothing closes that it has, that it had until ten minutes ago, or
    // that it lost together with its entry.
    [Fact]
    public void Never_closes_what_may_be_in_use_and_never_opens_what_was_not_answered()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            new RandomMap(seed).Run();
        }
    }

    private static SeenDomain Restore(params string[] listed) => SeenDomain.Restore(Wildcard, Addresses(listed));

    private static DomainAnswer Answer(SeenDomain seen) => seen.Complete(DomainAnswer.Unresolvable(Wildcard));

    private static List<string> Open(SeenDomain seen) => [.. Answer(seen).Addresses.Select(address => address.ToString())];

    private static SeenAnswers Seen(DateTimeOffset created, params ObservedCall[] calls) => Seen(created, _start, calls);

    private static SeenAnswers Seen(DateTimeOffset created, DateTimeOffset now, params ObservedCall[] calls) =>
        SeenAnswers.Read([Entry(created, calls)], now);

    private static ObservedIntents Entry(DateTimeOffset created, params ObservedCall[] calls) => new()
    {
        Metadata = new V1ObjectMeta { Uid = $"{created:O}", CreationTimestamp = created.UtcDateTime },
        Calls = [.. calls],
    };

    private static ObservedCall Call(string name, params string[] addresses) => new()
    {
        Target = new IntentTarget { Internet = new InternetTarget { Domains = [name] } },
        Addresses = [.. addresses],
    };

    private static IPAddress[] Addresses(params string[] addresses) => Array.ConvertAll(addresses, IPAddress.Parse);

    private sealed class RandomMap(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly HashSet<string> _ever = [];
        private readonly Dictionary<string, DateTimeOffset> _hadUntil = [];
        private readonly HashSet<string> _lost = [];
        private HashSet<string> _addresses = [];
        private DateTimeOffset? _created;
        private DateTimeOffset _now = _start;

        public void Run()
        {
            var seen = Restore();
            for (var step = 0; step < 60; step++)
            {
                _now += TimeSpan.FromMinutes(_random.Next(8) switch { < 5 => _random.Next(1, 5), < 7 => _random.Next(1, 120), _ => _random.Next(1, 3000) });
                Change();
                seen = seen.Update(Map(), _now);
                var open = Open(seen).ToHashSet();
                var story = $"seed {seed}, step {step}";
                open.IsSubsetOf(_ever).ShouldBeTrue(story);
                open.IsSupersetOf(_addresses).ShouldBeTrue(story);
                open.IsSupersetOf(_lost).ShouldBeTrue(story);
                open.IsSupersetOf(_hadUntil.Where(had => _now - had.Value <= DomainHistory.GracePeriod).Select(had => had.Key)).ShouldBeTrue(story);
            }
        }

        private void Change()
        {
            switch (_random.Next(6))
            {
                case 0 when _created is not null:
                    Lose();
                    _created = null;
                    break;
                case 1 or 2 when _created is null:
                    _created = _now;
                    break;
                case 3 when _created is not null:
                    // Deleted and written again between two looks.
                    Lose();
                    _created = _now;
                    break;
                default:
                    break;
            }

            Replace(_created is null ? [] : [.. Enumerable.Range(0, _random.Next(4)).Select(_ => $"203.0.113.{_random.Next(1, 9)}")]);
            if (_created + SeenAnswers.LearningTime <= _now)
            {
                // They were kept until now.
                foreach (var address in _lost)
                {
                    _hadUntil[address] = _now;
                }

                _lost.Clear();
            }
        }

        private void Lose()
        {
            _lost.UnionWith(_addresses);
            _lost.UnionWith(_hadUntil.Where(had => _now - had.Value <= DomainHistory.GracePeriod).Select(had => had.Key));
        }

        private void Replace(HashSet<string> addresses)
        {
            foreach (var address in _addresses.Except(addresses))
            {
                _hadUntil[address] = _now;
            }

            // What the new entry has learned again is not lost.
            _addresses = addresses;
            _ever.UnionWith(addresses);
            _lost.ExceptWith(addresses);
        }

        private SeenAnswers Map() => _created is { } created
            ? Seen(created, _now, [.. _addresses.Select((address, index) => Call(string.Create(CultureInfo.InvariantCulture, $"n{index}.example.com"), address))])
            : SeenAnswers.Missing;
    }
}
