namespace Wayleave.Api;

/// <summary>The HTTP methods that an intent may name.</summary>
public static class HttpMethods
{
    /// <summary>GET.</summary>
    public const string Get = "GET";

    /// <summary>HEAD.</summary>
    public const string Head = "HEAD";

    /// <summary>POST.</summary>
    public const string Post = "POST";

    /// <summary>PUT.</summary>
    public const string Put = "PUT";

    /// <summary>PATCH.</summary>
    public const string Patch = "PATCH";

    /// <summary>DELETE.</summary>
    public const string Delete = "DELETE";

    /// <summary>OPTIONS.</summary>
    public const string Options = "OPTIONS";

    /// <summary>TRACE.</summary>
    public const string Trace = "TRACE";

    /// <summary>CONNECT.</summary>
    public const string Connect = "CONNECT";
}
