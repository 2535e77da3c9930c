using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>A path and what is done with it.</summary>
public sealed class HttpResource
{
    /// <summary>The path of the URL.</summary>
    [Schema(MinLength = 1, MaxLength = 1024, Pattern = Patterns.UrlPath)]
    public string Path { get; set; } = "";

    /// <summary>The methods; every method when absent.</summary>
    [Schema(MaxItems = 9)]
    [Schema(Items = true, EnumOf = typeof(HttpMethods))]
    public List<string>? Methods { get; set; }
}

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

/// <summary>A Kafka server that is called.</summary>
public sealed class KafkaTarget
{
    /// <summary>The server's name, and its namespace after a dot when it is not this object's: kafka, or kafka.streams.</summary>
    [Schema(MinLength = 1, MaxLength = 317, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>The topics that are used.</summary>
    [Schema(MaxItems = 1000)]
    public List<KafkaTopic>? Topics { get; set; }
}

/// <summary>A topic and what is done with it.</summary>
public sealed class KafkaTopic
{
    /// <summary>The topic's name; * for every topic.</summary>
    [Schema(MinLength = 1, MaxLength = 249, Pattern = @"^([a-zA-Z0-9._-]+|\*)$")]
    public string Name { get; set; } = "";

    /// <summary>What is done with the topic.</summary>
    [Schema(MinItems = 1, MaxItems = 9)]
    [Schema(Items = true, EnumOf = typeof(KafkaOperations))]
    public List<string> Operations { get; set; } = [];
}

/// <summary>The operations on a Kafka topic, as Kafka's access control lists know them.</summary>
public static class KafkaOperations
{
    /// <summary>Every operation.</summary>
    public const string All = "all";

    /// <summary>Read records.</summary>
    public const string Consume = "consume";

    /// <summary>Write records.</summary>
    public const string Produce = "produce";

    /// <summary>Create the topic.</summary>
    public const string Create = "create";

    /// <summary>Change the topic.</summary>
    public const string Alter = "alter";

    /// <summary>Delete the topic.</summary>
    public const string Delete = "delete";

    /// <summary>Read what the topic is like.</summary>
    public const string Describe = "describe";

    /// <summary>Read the topic's configuration.</summary>
    public const string DescribeConfigs = "describeConfigs";

    /// <summary>Change the topic's configuration.</summary>
    public const string AlterConfigs = "alterConfigs";
}

/// <summary>A SQL server that is called.</summary>
public sealed class SqlTarget
{
    /// <summary>The server's name.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>The privileges that are needed.</summary>
    [Schema(MaxItems = 1000)]
    public List<SqlPrivilege>? Privileges { get; set; }
}

/// <summary>A table, or a whole database, and what is done with it.</summary>
public sealed class SqlPrivilege
{
    /// <summary>The database's name.</summary>
    [Schema(MinLength = 1, MaxLength = 128)]
    public string DatabaseName { get; set; } = "";

    /// <summary>The table, with its schema, e.g. public.orders; every table when absent.</summary>
    [Schema(MinLength = 1, MaxLength = 256)]
    public string? Table { get; set; }

    /// <summary>What is done; everything when absent.</summary>
    [Schema(MaxItems = 5)]
    [Schema(Items = true, EnumOf = typeof(SqlOperations))]
    public List<string>? Operations { get; set; }
}

/// <summary>The privileges on a table that an intent may name.</summary>
public static class SqlOperations
{
    /// <summary>Every privilege.</summary>
    public const string All = "ALL";

    /// <summary>Read rows.</summary>
    public const string Select = "SELECT";

    /// <summary>Add rows.</summary>
    public const string Insert = "INSERT";

    /// <summary>Change rows.</summary>
    public const string Update = "UPDATE";

    /// <summary>Remove rows.</summary>
    public const string Delete = "DELETE";
}
