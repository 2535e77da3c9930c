using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>An HTTP path and its methods.</summary>
public sealed class HttpResource
{
    /// <summary>The path of the URL.</summary>
    [Schema(MinLength = 1, MaxLength = 1024, Pattern = Patterns.UrlPath)]
    public string Path { get; set; } = "";

    /// <summary>The methods. Defaults to all methods.</summary>
    [Schema(MaxItems = 9)]
    [Schema(Items = true, EnumOf = typeof(HttpMethods))]
    public List<string>? Methods { get; set; }
}

/// <summary>The HTTP methods of a target.</summary>
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

/// <summary>A Kafka server as the target of a call.</summary>
public sealed class KafkaTarget
{
    /// <summary>The name of the server, with its namespace after a dot if it is another one: kafka, or kafka.streams.</summary>
    [Schema(MinLength = 1, MaxLength = 317, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>The topics of the client.</summary>
    [Schema(MaxItems = 1000)]
    public List<KafkaTopic>? Topics { get; set; }
}

/// <summary>A topic and the operations on it.</summary>
public sealed class KafkaTopic
{
    /// <summary>The name of the topic, or * for all topics.</summary>
    [Schema(MinLength = 1, MaxLength = 249, Pattern = @"^([a-zA-Z0-9._-]+|\*)$")]
    public string Name { get; set; } = "";

    /// <summary>The operations on the topic.</summary>
    [Schema(MinItems = 1, MaxItems = 9)]
    [Schema(Items = true, EnumOf = typeof(KafkaOperations))]
    public List<string> Operations { get; set; } = [];
}

/// <summary>The operations of Kafka's access control lists.</summary>
public static class KafkaOperations
{
    /// <summary>All operations.</summary>
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

    /// <summary>Describe the topic.</summary>
    public const string Describe = "describe";

    /// <summary>Read the topic's configuration.</summary>
    public const string DescribeConfigs = "describeConfigs";

    /// <summary>Change the topic's configuration.</summary>
    public const string AlterConfigs = "alterConfigs";
}

/// <summary>A SQL server as the target of a call.</summary>
public sealed class SqlTarget
{
    /// <summary>The name of the server.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>The privileges of the client.</summary>
    [Schema(MaxItems = 1000)]
    public List<SqlPrivilege>? Privileges { get; set; }
}

/// <summary>A table or database, and the operations on it.</summary>
public sealed class SqlPrivilege
{
    /// <summary>The name of the database.</summary>
    [Schema(MinLength = 1, MaxLength = 128)]
    public string DatabaseName { get; set; } = "";

    /// <summary>The table with its schema, for example public.orders. Defaults to all tables.</summary>
    [Schema(MinLength = 1, MaxLength = 256)]
    public string? Table { get; set; }

    /// <summary>The operations. Defaults to all operations.</summary>
    [Schema(MaxItems = 5)]
    [Schema(Items = true, EnumOf = typeof(SqlOperations))]
    public List<string>? Operations { get; set; }
}

/// <summary>The privileges on a table.</summary>
public static class SqlOperations
{
    /// <summary>All privileges.</summary>
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
