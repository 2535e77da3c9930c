using System.Net;
using Wayleave.Observation.Resolution;
using Wayleave.Observation.Tests.Support;

namespace Wayleave.Observation.Tests.Resolution;

public sealed class NameHistoryTests
{
    private static readonly ObservedClient _client = new(PodUid: null, [], IsHostNetwork: false);
    private static readonly IPAddress _shared = IPAddress.Parse("203.0.113.1");

    [Fact]
    public void Remembers_a_bounded_number_of_names_of_one_address()
    {
        var names = new NameHistory();
        for (var number = 0; number < 10_000; number++)
        {
            names.Add(Shop.Checkout, Shop.Answer(_client, $"host-{number}.example.com", "203.0.113.1", Shop.Start.AddSeconds(number), ttl: 86_400));
        }

        names.Count.ShouldBeLessThan(100);
        names.Find(Shop.Checkout, _shared, Shop.Start).ShouldBeNull();
        names.Find(Shop.Checkout, _shared, Shop.Start.AddSeconds(10_000)).ShouldBe("host-9999.example.com");
    }

    [Fact]
    public void Counts_all_names_of_an_address_in_its_bound()
    {
        var names = new NameHistory(maxNames: 100);
        for (var number = 0; number < 300; number++)
        {
            names.Add(
                Shop.Checkout, Shop.Answer(_client, $"host-{number % 10}.example.com", $"203.0.113.{number / 10}", Shop.Start.AddSeconds(number)));
        }

        names.Count.ShouldBeLessThanOrEqualTo(100);
        names.Find(Shop.Checkout, IPAddress.Parse("203.0.113.29"), Shop.Start.AddSeconds(300)).ShouldBe("host-9.example.com");
        names.Find(Shop.Checkout, IPAddress.Parse("203.0.113.0"), Shop.Start.AddSeconds(5)).ShouldBeNull();
    }

    [Fact]
    public void Forgets_names_that_have_expired_and_keeps_the_others()
    {
        var names = new NameHistory();
        names.Add(Shop.Checkout, Shop.Answer(_client, "old.example.com", "203.0.113.1", ttl: 60));
        names.Add(Shop.Checkout, Shop.Answer(_client, "new.example.com", "203.0.113.1", ttl: 3600));

        names.Sweep(Shop.Start.AddMinutes(30));
        names.Count.ShouldBe(1);
        names.Sweep(Shop.Start.AddHours(2));
        names.Count.ShouldBe(0);
    }
}
