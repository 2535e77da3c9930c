{{/* The name of every object. */}}
{{- define "wayleave.fullname" -}}
{{- $base := contains .Chart.Name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) -}}
{{- printf "%s-operator" ($base | trunc 54 | trimSuffix "-") -}}
{{- end }}

{{/* Must not change, because the selector of a Deployment is immutable. */}}
{{- define "wayleave.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end }}

{{/* The labels of all objects except Pods. */}}
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

{{/* Not empty if true. The same applies to the next two. */}}
{{- define "wayleave.electsLeader" -}}
{{- if or .Values.operator.leaderElect (gt (int .Values.replicas) 1) }}true{{ end -}}
{{- end }}

{{/* Telemetry is off if both usage and errors are off. */}}
{{- define "wayleave.hasTelemetry" -}}
{{- with .Values.global.telemetry }}{{ if and .enabled (or .usage.enabled .errors.enabled) }}true{{ end }}{{ end -}}
{{- end }}

{{- define "wayleave.hasUsage" -}}
{{- if and (include "wayleave.hasTelemetry" .) .Values.global.telemetry.usage.enabled }}true{{ end -}}
{{- end }}

{{/* The RBAC rules of one scope, without those of disabled features. Empty if there are none. */}}
{{- define "wayleave.rules" -}}
{{- $root := index . 0 -}}
{{- $used := dict
  "Always" "true"
  "AllNamespaces" (empty $root.Values.operator.watchNamespace | ternary "true" "")
  "External" (and (ne $root.Values.operator.external "Never") (empty $root.Values.operator.watchNamespace) | ternary "true" "")
  "IngressExternal" (ne $root.Values.operator.external "Never" | ternary "true" "")
  "LeaderElection" (include "wayleave.electsLeader" $root)
  "Clusters" ($root.Values.clusters.enabled | ternary "true" "")
  "OneNamespaceTelemetry" (and $root.Values.operator.watchNamespace (include "wayleave.hasTelemetry" $root))
  "Telemetry" (include "wayleave.hasTelemetry" $root)
  "ClusterIdentity" (or $root.Values.operator.watchNamespace (include "wayleave.hasTelemetry" $root))
  "Usage" (include "wayleave.hasUsage" $root)
  "EventQueries" (include "wayleave.hasEventQueries" $root)
  "ObservedIntents" (include "wayleave.hasMapper" $root) -}}
{{- $rules := list -}}
{{- range get ($root.Files.Get "files/rbac.yaml" | fromYaml) (index . 1) -}}
{{- if get $used .use }}{{ $rules = append $rules (omit . "use") }}{{ end -}}
{{- end -}}
{{- if $rules }}{{ toYaml $rules }}{{ end -}}
{{- end }}

{{/* The peers of a NetworkPolicy rule. Without ranges there are no peers, which allows every address. */}}
{{- define "wayleave.cidrs" -}}
{{- with . -}}
to:
{{- range . }}
  - ipBlock:
      cidr: {{ . }}
{{- end }}
{{- end -}}
{{- end }}

{{/* The port of a URL. */}}
{{- define "wayleave.port" -}}
{{- $url := urlParse . -}}
{{- regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host) | default (eq $url.scheme "http" | ternary "80" "443") -}}
{{- end }}

{{/* Validation that the schema cannot express. */}}
{{- define "wayleave.validate" -}}
{{- if and .Values.operator.watchNamespace .Values.clusters.enabled -}}
{{- fail "operator.watchNamespace needs clusters.enabled=false: policies in member clusters are not limited to one namespace" -}}
{{- end -}}
{{- if eq (.Values.operator.watchNamespace | default "") .Release.Namespace -}}
{{- fail "operator.watchNamespace is the operator's own namespace, which gets no policies: name another, or install elsewhere" -}}
{{- end -}}
{{- if .Chart.IsRoot -}}
{{- /* As a dependency, this chart also sees globals of other charts. */ -}}
{{- range $name, $_ := omit .Values.global "telemetry" -}}
{{- fail (printf "global.%s is not a value of this chart, global.telemetry is" $name) -}}
{{- end -}}
{{- end -}}
{{- range .Values.extraEnv -}}
{{- if regexMatch "^(WAYLEAVE_TELEMETRY_.*|DO_NOT_TRACK|OTEL_SDK_DISABLED|OTEL_EXPORTER_OTLP_(ENDPOINT|API_KEY|HEADERS))$" .name -}}
{{- fail (printf "extraEnv must not set %s: set global.telemetry" .name) -}}
{{- end -}}
{{- if regexMatch "^WAYLEAVE_TRACING_(ENDPOINT|SAMPLING_RATIO|HEADERS)$" .name -}}
{{- fail (printf "extraEnv must not set %s: set operator.tracing" .name) -}}
{{- end -}}
{{- if hasPrefix "WAYLEAVE_EVENT_" .name -}}
{{- fail (printf "extraEnv must not set %s: set operator.eventStore" .name) -}}
{{- end -}}
{{- if hasPrefix "WAYLEAVE_LEADER_ELECT" .name -}}
{{- fail (printf "extraEnv must not set %s: set operator.leaderElect and operator.leaderElection" .name) -}}
{{- end -}}
{{- end -}}
{{- if and (include "wayleave.hasEventStore" .) .Values.operator.eventStore.existingClaim (include "wayleave.electsLeader" .) -}}
{{- fail "operator.eventStore.existingClaim needs replicas=1 and operator.leaderElect=false: two replicas cannot share files; leave it empty" -}}
{{- end -}}
{{- include "wayleave.validateTransport" . -}}
{{- include "wayleave.validateIntervals" . -}}
{{- end }}

{{/* Fails where the operator would turn telemetry off. */}}
{{- define "wayleave.validateTransport" -}}
{{- $telemetry := .Values.global.telemetry -}}
{{- $endpoint := $telemetry.endpoint | default "" -}}
{{- $isClear := and (hasPrefix "http://" $endpoint) (not (regexMatch "^http://(localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\])([:/?]|$)" $endpoint)) -}}
{{- if and $isClear (not $telemetry.insecure) (or (include "wayleave.hasApiKey" .) (include "wayleave.hasHeaders" .)) -}}
{{- fail "global.telemetry.endpoint is a plain http:// address and would show the API key to the network: use https://, or set global.telemetry.insecure=true to allow it" -}}
{{- end -}}
{{- end }}

{{/* The limits are those of the operator's flags. */}}
{{- define "wayleave.validateIntervals" -}}
{{- $lease := .Values.operator.leaderElection -}}
{{- include "wayleave.validateInterval" (list "global.telemetry.activeInterval" .Values.global.telemetry.activeInterval "1s" "744h") -}}
{{- include "wayleave.validateInterval" (list "global.telemetry.flushInterval" .Values.global.telemetry.flushInterval "1s" "24h") -}}
{{- include "wayleave.validateInterval" (list "operator.leaderElection.leaseDuration" $lease.leaseDuration "1s" "1h") -}}
{{- include "wayleave.validateInterval" (list "operator.leaderElection.renewDeadline" $lease.renewDeadline "100ms" "1h") -}}
{{- include "wayleave.validateInterval" (list "operator.leaderElection.retryPeriod" $lease.retryPeriod "100ms" "1h") -}}
{{- if include "wayleave.hasEventStore" . -}}
{{- include "wayleave.validateInterval" (list "operator.eventStore.auditRetention" .Values.operator.eventStore.auditRetention "24h" "87600h") -}}
{{- include "wayleave.validateInterval" (list "operator.eventStore.diagnosticRetention" .Values.operator.eventStore.diagnosticRetention "24h" "87600h") -}}
{{- end -}}
{{- $deadline := include "wayleave.seconds" $lease.renewDeadline | float64 -}}
{{- if or (ge (include "wayleave.seconds" $lease.retryPeriod | float64) $deadline) (ge $deadline (include "wayleave.seconds" $lease.leaseDuration | float64)) -}}
{{- fail "operator.leaderElection: retryPeriod must be less than renewDeadline, and renewDeadline less than leaseDuration" -}}
{{- end -}}
{{- end }}

{{/* Takes the name of a value, the value, its minimum and its maximum. */}}
{{- define "wayleave.validateInterval" -}}
{{- $seconds := include "wayleave.seconds" (index . 1) | float64 -}}
{{- if or (lt $seconds (include "wayleave.seconds" (index . 2) | float64)) (gt $seconds (include "wayleave.seconds" (index . 3) | float64)) -}}
{{- fail (printf "%s: %s is out of range; use %s to %s" (index . 0) (index . 1) (index . 2) (index . 3)) -}}
{{- end -}}
{{- end }}

{{/* The length of a duration such as 1h30m. */}}
{{- define "wayleave.seconds" -}}
{{- $units := dict "h" 3600 "m" 60 "s" 1 "ms" 0.001 -}}
{{- $sum := 0.0 -}}
{{- range regexFindAll "[0-9.]+(h|ms|m|s)" . -1 -}}
{{- $sum = addf $sum (mulf (regexFind "^[0-9.]+" .) (get $units (regexFind "[a-z]+$" .))) -}}
{{- end -}}
{{- $sum -}}
{{- end }}
