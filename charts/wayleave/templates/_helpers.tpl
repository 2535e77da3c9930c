{{/* The name of every object. */}}
{{- define "wayleave.fullname" -}}
{{- $base := contains .Chart.Name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) -}}
{{- printf "%s-operator" ($base | trunc 54 | trimSuffix "-") -}}
{{- end }}

{{/* Never changes in the life of a release: a Deployment's selector cannot. */}}
{{- define "wayleave.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end }}

{{/* Of everything, the Pods' own aside. */}}
{{- define "wayleave.commonLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "wayleave.labels" -}}
{{ include "wayleave.commonLabels" . }}
app.kubernetes.io/component: operator
{{- end }}

{{- define "wayleave.metadata" -}}
name: {{ include "wayleave.fullname" . }}
labels:
  {{- include "wayleave.labels" . | nindent 2 }}
{{- end }}

{{- define "wayleave.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "wayleave.fullname" .) -}}
{{- else -}}
{{- required "serviceAccount.name is required when serviceAccount.create is false" .Values.serviceAccount.name -}}
{{- end -}}
{{- end }}

{{- define "wayleave.serviceAccountSubject" -}}
- kind: ServiceAccount
  name: {{ include "wayleave.serviceAccountName" . }}
  namespace: {{ .Release.Namespace }}
{{- end }}

{{/* YAML reads Off without quotes as false. */}}
{{- define "wayleave.mode" -}}
{{- .Values.operator.mode | default "Off" -}}
{{- end }}

{{/* Not empty if it is so; the same for the next two. */}}
{{- define "wayleave.electsLeader" -}}
{{- if or .Values.operator.leaderElect (gt (int .Values.replicas) 1) }}true{{ end -}}
{{- end }}

{{/* Without usage and errors nothing of telemetry is left. */}}
{{- define "wayleave.hasTelemetry" -}}
{{- with .Values.global.telemetry }}{{ if and .enabled (or .usage.enabled .errors.enabled) }}true{{ end }}{{ end -}}
{{- end }}

{{- define "wayleave.hasUsage" -}}
{{- if and (include "wayleave.hasTelemetry" .) .Values.global.telemetry.usage.enabled }}true{{ end -}}
{{- end }}

{{/* The rules of RBAC for one scope, without those of what is off. Empty if there are none. */}}
{{- define "wayleave.rules" -}}
{{- $root := index . 0 -}}
{{- $used := dict
  "Always" "true"
  "AllNamespaces" (empty $root.Values.operator.watchNamespace | ternary "true" "")
  "LeaderElection" (include "wayleave.electsLeader" $root)
  "Clusters" ($root.Values.clusters.enabled | ternary "true" "")
  "OneNamespaceTelemetry" (and $root.Values.operator.watchNamespace (include "wayleave.hasTelemetry" $root))
  "Telemetry" (include "wayleave.hasTelemetry" $root)
  "ClusterIdentity" (or $root.Values.operator.watchNamespace (include "wayleave.hasTelemetry" $root))
  "Usage" (include "wayleave.hasUsage" $root) -}}
{{- $rules := list -}}
{{- range get ($root.Files.Get "files/rbac.yaml" | fromYaml) (index . 1) -}}
{{- if get $used .use }}{{ $rules = append $rules (omit . "use") }}{{ end -}}
{{- end -}}
{{- if $rules }}{{ toYaml $rules }}{{ end -}}
{{- end }}

{{/* Peers of a NetworkPolicy's rule; none, which is everywhere, if no range is given. */}}
{{- define "wayleave.cidrs" -}}
{{- with . -}}
to:
{{- range . }}
  - ipBlock:
      cidr: {{ . }}
{{- end }}
{{- end -}}
{{- end }}

{{/* What the schema cannot say. */}}
{{- define "wayleave.validate" -}}
{{- if and .Values.operator.watchNamespace .Values.clusters.enabled -}}
{{- fail "operator.watchNamespace needs clusters.enabled=false: member clusters are looked after as a whole" -}}
{{- end -}}
{{- if eq (.Values.operator.watchNamespace | default "") .Release.Namespace -}}
{{- fail "operator.watchNamespace is the operator's own namespace, which gets no policies: name another, or install elsewhere" -}}
{{- end -}}
{{- if .Chart.IsRoot -}}
{{- /* As a dependency, this chart sees the globals of others. */ -}}
{{- range $name, $_ := omit .Values.global "telemetry" -}}
{{- fail (printf "global.%s is not a value of this chart, global.telemetry is" $name) -}}
{{- end -}}
{{- end -}}
{{- range .Values.extraEnv -}}
{{- if regexMatch "^(WAYLEAVE_TELEMETRY_.*|DO_NOT_TRACK|OTEL_EXPORTER_OTLP_(ENDPOINT|API_KEY))$" .name -}}
{{- fail (printf "extraEnv must not set %s: set global.telemetry" .name) -}}
{{- end -}}
{{- end -}}
{{- end }}
