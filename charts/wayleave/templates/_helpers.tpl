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

{{- define "wayleave.metadata" -}}
name: {{ include "wayleave.fullname" . }}
labels:
  {{- include "wayleave.selectorLabels" . | nindent 2 }}
  app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
  app.kubernetes.io/managed-by: {{ .Release.Service }}
  helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
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

{{/* What the schema cannot say. */}}
{{- define "wayleave.validate" -}}
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
