using System.Text.Json.Nodes;
using k8s.Models;

namespace Wayleave.Generator.Crds;

/// <summary>Schemas of types that Kubernetes defines, as Kubernetes defines them.</summary>
internal static class KnownSchemas
{
    /// <summary>A new schema; null for a type that is not Kubernetes'.</summary>
    public static JsonObject? Find(Type type) => type switch
    {
        _ when type == typeof(V1Condition) => Parse(Condition),
        _ when type == typeof(V1LabelSelector) => Parse(LabelSelector),

        // The API server rejects a schema for metadata.
        _ when type == typeof(V1ObjectMeta) => new JsonObject { ["type"] = "object" },
        _ => null,
    };

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private const string Condition = """
        {
          "description": "One aspect of the object's state.",
          "properties": {
            "lastTransitionTime": {
              "description": "The last time the status changed.", "format": "date-time", "type": "string"
            },
            "message": {
              "description": "A human-readable message.", "maxLength": 32768, "type": "string"
            },
            "observedGeneration": {
              "description": "The metadata.generation that the condition is based on.", "format": "int64", "minimum": 0, "type": "integer"
            },
            "reason": {
              "description": "The reason in CamelCase.", "maxLength": 1024, "minLength": 1,
              "pattern": "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$", "type": "string"
            },
            "status": {
              "description": "True, False or Unknown.", "enum": ["True", "False", "Unknown"], "type": "string"
            },
            "type": {
              "description": "The type of the condition.", "maxLength": 316,
              "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$",
              "type": "string"
            }
          },
          "required": ["lastTransitionTime", "message", "reason", "status", "type"],
          "type": "object"
        }
        """;

    private const string LabelSelector = """
        {
          "properties": {
            "matchExpressions": {
              "description": "Label selector requirements. All must match.",
              "items": {
                "description": "A requirement of one label.",
                "properties": {
                  "key": { "description": "The label key.", "maxLength": 317, "minLength": 1, "type": "string" },
                  "operator": {
                    "description": "In, NotIn, Exists or DoesNotExist.", "enum": ["DoesNotExist", "Exists", "In", "NotIn"], "type": "string"
                  },
                  "values": {
                    "description": "The values for In and NotIn. Must be empty for the other operators.",
                    "items": { "maxLength": 63, "pattern": "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$", "type": "string" },
                    "maxItems": 100,
                    "type": "array"
                  }
                },
                "anyOf": [
                  { "properties": { "operator": { "enum": ["In", "NotIn"] }, "values": { "minItems": 1 } }, "required": ["values"] },
                  { "properties": { "operator": { "enum": ["DoesNotExist", "Exists"] }, "values": { "maxItems": 0 } } }
                ],
                "required": ["key", "operator"],
                "type": "object"
              },
              "maxItems": 100,
              "type": "array"
            },
            "matchLabels": {
              "additionalProperties": { "maxLength": 63, "pattern": "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$", "type": "string" },
              "description": "Label keys and values. All must match.",
              "maxProperties": 100,
              "type": "object"
            }
          },
          "type": "object"
        }
        """;
}
