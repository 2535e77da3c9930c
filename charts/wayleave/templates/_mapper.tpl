{{/* The name of the mapper's objects. */}}
{{- define "wayleave.mapperName" -}}
{{- printf "%s-mapper" (include "wayleave.fullname" . | trimSuffix "-operator") -}}
{{- end }}

{{/* The name of the sensor's objects. */}}
{{- define "wayleave.sensorName" -}}
{{- printf "%s-sensor" (include "wayleave.fullname" . | trimSuffix "-operator") -}}
{{- end }}

{{/* Takes the root and a component. Must not change, because the selector of a Deployment is immutable. */}}
{{- define "wayleave.componentSelector" -}}
app.kubernetes.io/name: {{ (index . 0).Chart.Name }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* Takes the root, a component, and the name of the object. */}}
{{- define "wayleave.componentMetadata" -}}
name: {{ index . 2 }}
labels:
  {{- include "wayleave.commonLabels" (index . 0) | nindent 2 }}
  app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* Not empty if true. The same applies to the next two. */}}
{{- define "wayleave.hasMapper" -}}
{{- if dig "enabled" false (.Values.mapper | default dict) }}true{{ end }}
{{- end }}

{{- define "wayleave.hasSensor" -}}
{{- if dig "enabled" false (.Values.sensor | default dict) }}true{{ end }}
{{- end }}

{{- define "wayleave.hasMapperPage" -}}
{{- if and (include "wayleave.hasMapper" .) (dig "page" "enabled" false .Values.mapper) }}true{{ end }}
{{- end }}

{{/* With more than one replica, a leader is elected. The others are not ready, so that sensors reach only the leader. */}}
{{- define "wayleave.mapperElectsLeader" -}}
{{- if gt (int .Values.mapper.replicas) 1 }}true{{ end }}
{{- end }}

{{/* The RBAC rules of one scope of the mapper. */}}
{{- define "wayleave.mapperRules" -}}
{{- $root := index . 0 -}}
{{- $used := dict
  "Always" "true"
  "LeaderElection" (include "wayleave.mapperElectsLeader" $root)
  "OwnCertificate" (empty $root.Values.mapper.tlsSecretName | ternary "true" "")
  "Page" (include "wayleave.hasMapperPage" $root) -}}
{{- $rules := list -}}
{{- range get ($root.Files.Get "files/mapper-rbac.yaml" | fromYaml) (index . 1) -}}
{{- if get $used .use }}{{ $rules = append $rules (omit . "use") }}{{ end -}}
{{- end -}}
{{- if $rules }}{{ toYaml $rules }}{{ end -}}
{{- end }}

{{/* Takes the root, a namespace and rules. */}}
{{- define "wayleave.mapperRoleIn" -}}
{{- $root := index . 0 -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  {{- include "wayleave.componentMetadata" (list $root "mapper" (include "wayleave.mapperName" $root)) | nindent 2 }}
  namespace: {{ index . 1 }}
rules:
  {{- index . 2 | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  {{- include "wayleave.componentMetadata" (list $root "mapper" (include "wayleave.mapperName" $root)) | nindent 2 }}
  namespace: {{ index . 1 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ include "wayleave.mapperName" $root }}
subjects:
  - kind: ServiceAccount
    name: {{ include "wayleave.mapperName" $root }}
    namespace: {{ $root.Release.Namespace }}
{{- end }}

{{/* Validation that the schema cannot express. */}}
{{- define "wayleave.validateMapper" -}}
{{- if and (include "wayleave.hasSensor" .) (not (include "wayleave.hasMapper" .)) -}}
{{- fail "sensor.enabled needs mapper.enabled=true: sensors report to the mapper" -}}
{{- end -}}
{{- if include "wayleave.hasMapper" . -}}
{{- if .Values.operator.watchNamespace -}}
{{- fail "mapper.enabled needs operator.watchNamespace to be empty: the mapper reads Pods and Services of all namespaces" -}}
{{- end -}}
{{- if eq .Values.sensor.namespace .Release.Namespace -}}
{{- fail "sensor.namespace is the operator's own namespace: name another, because Pod Security has to allow privileged Pods there" -}}
{{- end -}}
{{- include "wayleave.validateInterval" (list "mapper.retention" .Values.mapper.retention "24h" "8760h") -}}
{{- end -}}
{{- end }}
