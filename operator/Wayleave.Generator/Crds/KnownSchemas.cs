using System.Text.Json.Nodes;
using k8s.Models;

namespace Wayleave.Generator.Crds;

/// <summary>Schemas of types that Kubernetes defines, as Kubernetes defines them.</summary>
internal static class KnownSchemas
{
    /// <summary>A new schema; null for a type that is not Kubernetes'.</summary>
    public static JsonObject? Of(Type type)
    {
        if (type == typeof(V1Condition))
        {
            return Parse(Condition);
        }

        if (type == typeof(V1LabelSelector))
        {
            return Parse(LabelSelector);
        }

        // The API server rejects a schema for metadata.
        return type == typeof(V1ObjectMeta) ? new JsonObject { ["type"] = "object" } : null;
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private const string Condition = """
        {
          "description": "One aspect of the object's state.",
          "properties": {
            "lastTransitionTime": {
              "description": "When the status last changed.", "format": "date-time", "type": "string"
            },
            "message": {
              "description": "Which field it is about and what to do, for people.", "maxLength": 32768, "type": "string"
            },
            "observedGeneration": {
              "description": "The metadata.generation that this condition is about.", "format": "int64", "minimum": 0, "type": "integer"
            },
            "reason": {
              "description": "Why, in one word.", "maxLength": 1024, "minLength": 1,
              "pattern": "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$", "type": "string"
            },
            "status": {
              "description": "Whether it holds.", "enum": ["True", "False", "Unknown"], "type": "string"
            },
            "type": {
              "description": "Which aspect.", "maxLength": 316,
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
              "description": "Requirements that must all hold.",
              "items": {
                "description": "A requirement of one label.",
                "properties": {
                  "key": { "description": "The label.", "maxLength": 317, "minLength": 1, "type": "string" },
                  "operator": {
                    "description": "In, NotIn, Exists or DoesNotExist.", "enum": ["DoesNotExist", "Exists", "In", "NotIn"], "type": "string"
                  },
                  "values": {
                    "description": "Values for In and NotIn; none for the others.",
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
              "description": "Labels and the values that they must have.",
              "maxProperties": 100,
              "type": "object"
            }
          },
          "type": "object"
        }
        """;
}
