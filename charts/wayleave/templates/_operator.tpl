{{/* Flags take precedence over environment variables that other sources add to the Pod. */}}
{{- define "wayleave.args" -}}
- {{ printf "--namespace=%s" .Release.Namespace }}
- {{ printf "--mode=%s" .Values.operator.mode }}
{{- with .Values.operator }}
- {{ printf "--egress=%t" .egress }}
- {{ printf "--external=%s" .external }}
{{- with .systemNamespaces }}
- {{ printf "--system-namespaces=%s" (join "," .) }}
{{- end }}
{{- with .podCIDRs }}
- {{ printf "--pod-cidrs=%s" (join "," .) }}
{{- end }}
{{- with .serviceCIDRs }}
- {{ printf "--service-cidrs=%s" (join "," .) }}
{{- end }}
{{- with .dnsPorts }}
- {{ printf "--dns-ports=%s" (join "," .) }}
{{- end }}
- {{ printf "--workers=%d" (int .workers) }}
- {{ printf "--log-level=%s" .logLevel }}
{{- with .dnsServer }}
- {{ printf "--dns-server=%s" . }}
{{- end }}
{{- with .watchNamespace }}
- {{ printf "--watch-namespace=%s" . }}
{{- end }}
{{- with int .kubeApiQps }}
- {{ printf "--kube-api-qps=%d" . }}
{{- end }}
{{- end }}
- --metrics-port=8080
- --probe-port=8081
- {{ printf "--clusters=%t" .Values.clusters.enabled }}
- {{ printf "--leader-elect=%s" (include "wayleave.electsLeader" . | default "false") }}
{{- if include "wayleave.electsLeader" . }}
{{- with .Values.operator.leaderElection }}
- {{ printf "--leader-elect-lease-duration=%s" .leaseDuration }}
- {{ printf "--leader-elect-renew-deadline=%s" .renewDeadline }}
- {{ printf "--leader-elect-retry-period=%s" .retryPeriod }}
{{- end }}
{{- end }}
{{- if or (include "wayleave.electsLeader" .) (include "wayleave.hasTelemetry" .) }}
- {{ printf "--deployment=%s" (include "wayleave.fullname" .) }}
{{- end }}
{{ include "wayleave.telemetryArgs" . }}
{{- if include "wayleave.tracingEndpoint" . }}
- {{ printf "--tracing-endpoint=%s" .Values.operator.tracing.endpoint }}
- {{ printf "--tracing-sampling-ratio=%v" (.Values.operator.tracing.samplingRatio | default 0) }}
{{- end }}
{{- if include "wayleave.hasMapper" . }}
- --observed-intents=true
{{- end }}
{{- if include "wayleave.hasEventStore" . }}
{{- with .Values.operator.eventStore }}
- --event-store-dir=/var/lib/wayleave/events
- {{ printf "--event-store-audit-retention=%s" .auditRetention }}
- {{ printf "--event-store-diagnostic-retention=%s" .diagnosticRetention }}
- {{ printf "--event-store-max-size=%s" .maxSize }}
{{- if .query.enabled }}
- --event-port=8443
{{- if .query.tlsSecretName }}
- --event-tls-dir=/etc/wayleave/events
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* If telemetry or a part of it is off, only its switch is passed. */}}
{{- define "wayleave.telemetryArgs" -}}
{{- if not (include "wayleave.hasTelemetry" .) -}}
- --telemetry-enabled=false
{{- else -}}
{{- with .Values.global.telemetry -}}
- --telemetry-enabled=true
- {{ printf "--telemetry-usage-enabled=%t" .usage.enabled }}
- {{ printf "--telemetry-errors-enabled=%t" .errors.enabled }}
{{- /* Separate arguments, because an empty text after = is not a value. Passed even if empty, to override environment variables of the Pod. */}}
- --telemetry-endpoint
- {{ .endpoint | quote }}
{{- if .insecure }}
- --telemetry-insecure=true
{{- end }}
{{- if include "wayleave.hasApiKey" $ }}
- --telemetry-api-key-file=/etc/wayleave/telemetry/key/api-key
{{- end }}
{{- if include "wayleave.hasCa" $ }}
- --telemetry-ca-file=/etc/wayleave/telemetry/ca/ca.crt
{{- end }}
{{- if .usage.enabled }}
- {{ printf "--telemetry-active-interval=%s" .activeInterval }}
{{- end }}
- {{ printf "--telemetry-flush-interval=%s" .flushInterval }}
{{- if .debug }}
- --telemetry-debug=true
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "wayleave.env" -}}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
{{- if include "wayleave.hasHeaders" . }}
- name: OTEL_EXPORTER_OTLP_HEADERS
  valueFrom:
    secretKeyRef:
      name: {{ .Values.global.telemetry.headersSecretRef.name }}
      key: {{ .Values.global.telemetry.headersSecretRef.key }}
      optional: true
{{- end }}
{{- if and (include "wayleave.tracingEndpoint" .) (dig "name" "" (.Values.operator.tracing.headersSecretRef | default dict)) }}
- name: WAYLEAVE_TRACING_HEADERS
  valueFrom:
    secretKeyRef:
      name: {{ .Values.operator.tracing.headersSecretRef.name }}
      key: {{ .Values.operator.tracing.headersSecretRef.key }}
      optional: true
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Empty if tracing is off. */}}
{{- define "wayleave.tracingEndpoint" -}}
{{- dig "endpoint" "" (.Values.operator.tracing | default dict) -}}
{{- end }}

{{/* Not empty if true. The same applies to the next one. */}}
{{- define "wayleave.hasEventStore" -}}
{{- if dig "enabled" false (.Values.operator.eventStore | default dict) }}true{{ end }}
{{- end }}

{{- define "wayleave.hasEventQueries" -}}
{{- if and (include "wayleave.hasEventStore" .) .Values.operator.eventStore.query.enabled }}true{{ end }}
{{- end }}

{{/* Only needed if telemetry is sent. */}}
{{- define "wayleave.hasApiKey" -}}
{{- if and (include "wayleave.hasTelemetry" .) .Values.global.telemetry.endpoint (dig "name" "" (.Values.global.telemetry.apiKeySecretRef | default dict)) }}true{{ end }}
{{- end }}

{{- define "wayleave.hasHeaders" -}}
{{- if and (include "wayleave.hasTelemetry" .) .Values.global.telemetry.endpoint (dig "name" "" (.Values.global.telemetry.headersSecretRef | default dict)) }}true{{ end }}
{{- end }}

{{- define "wayleave.hasCa" -}}
{{- $ca := .Values.global.telemetry.ca | default dict }}
{{- if and (include "wayleave.hasTelemetry" .) .Values.global.telemetry.endpoint (or (dig "configMapRef" "name" "" $ca) (dig "secretRef" "name" "" $ca)) }}true{{ end }}
{{- end }}

{{/* Optional, so that a missing Secret does not keep the operator from starting. */}}
{{- define "wayleave.volumes" -}}
{{- with .Values.extraVolumes }}
{{- toYaml . }}
{{- end }}
{{- $telemetry := .Values.global.telemetry }}
{{- if include "wayleave.hasApiKey" . }}
- name: telemetry-key
  secret:
    secretName: {{ $telemetry.apiKeySecretRef.name }}
    optional: true
    items:
      - key: {{ $telemetry.apiKeySecretRef.key }}
        path: api-key
{{- end }}
{{- if include "wayleave.hasCa" . }}
- name: telemetry-ca
  {{- with $telemetry.ca.configMapRef }}{{ if .name }}
  configMap:
    name: {{ .name }}
    optional: true
    items:
      - key: {{ .key }}
        path: ca.crt
  {{- end }}{{ end }}
  {{- with $telemetry.ca.secretRef }}{{ if .name }}
  secret:
    secretName: {{ .name }}
    optional: true
    items:
      - key: {{ .key }}
        path: ca.crt
  {{- end }}{{ end }}
{{- end }}
{{- if include "wayleave.hasEventStore" . }}
{{- $store := .Values.operator.eventStore }}
- name: events
  {{- if $store.existingClaim }}
  persistentVolumeClaim:
    claimName: {{ $store.existingClaim }}
  {{- else }}
  emptyDir:
    {{- /* Twice the size of the files, so that the kubelet never evicts the Pod for them. */}}
    sizeLimit: {{ mul 2 (regexFind "^[0-9]+" $store.maxSize) }}{{ regexFind "[MG]i$" $store.maxSize }}
  {{- end }}
{{- if and $store.query.enabled $store.query.tlsSecretName }}
- name: events-tls
  secret:
    secretName: {{ $store.query.tlsSecretName }}
{{- end }}
{{- end }}
{{- end }}

{{- define "wayleave.volumeMounts" -}}
{{- with .Values.extraVolumeMounts }}
{{- toYaml . }}
{{- end }}
{{- if include "wayleave.hasApiKey" . }}
- name: telemetry-key
  mountPath: /etc/wayleave/telemetry/key
  readOnly: true
{{- end }}
{{- if include "wayleave.hasCa" . }}
- name: telemetry-ca
  mountPath: /etc/wayleave/telemetry/ca
  readOnly: true
{{- end }}
{{- if include "wayleave.hasEventStore" . }}
- name: events
  mountPath: /var/lib/wayleave/events
{{- if and .Values.operator.eventStore.query.enabled .Values.operator.eventStore.query.tlsSecretName }}
- name: events-tls
  mountPath: /etc/wayleave/events
  readOnly: true
{{- end }}
{{- end }}
{{- end }}
