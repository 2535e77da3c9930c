namespace Wayleave.Api.Schema;

/// <summary>The regular expressions of the schemas.</summary>
public static class Patterns
{
    /// <summary>A DNS-1123 label, e.g. a namespace's name.</summary>
    public const string Label = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

    /// <summary>A DNS-1123 subdomain, e.g. a workload's name; also two of them with a dot between, e.g. <c>name.namespace</c>.</summary>
    public const string Subdomain = @"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

    /// <summary>A DNS name, of which the first label may be <c>*</c>.</summary>
    public const string Domain = @"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

    /// <summary>An IPv4 or IPv6 address, or a range of them in CIDR form. Only the form of IPv6 is checked.</summary>
    public const string IpOrCidr =
        "^(" + Octet + @"(\." + Octet + "){3}(/(3[0-2]|[12]?[0-9]))?" +
        "|[0-9a-fA-F]{0,4}(:[0-9a-fA-F]{0,4}){2,7}(/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?)$";

    /// <summary>A DNS name and a port. The operator checks that the port is at most 65535.</summary>
    public const string HostPort = @"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*:[1-9][0-9]{0,4}$";

    /// <summary>A Kafka topic name, or a prefix of one.</summary>
    public const string KafkaTopic = "^[a-zA-Z0-9._-]+$";

    /// <summary>A path of a URL.</summary>
    public const string UrlPath = @"^/\S*$";

    /// <summary>
    /// A port or a range of ports with an optional protocol. The operator checks that numbers are at most 65535 and that ranges are
    /// ascending.
    /// </summary>
    public const string NumericPort = "^" + Number + "$";

    /// <summary>A port as in <see cref="NumericPort"/>, or a port name: an IANA service name, RFC 6335, section 5.1.</summary>
    public const string Port = "^(" + Number + "|([0-9]-?)*[a-z](-?[a-z0-9])*)$";

    private const string Number = "[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?(/(TCP|UDP|SCTP))?";

    private const string Octet = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
}
