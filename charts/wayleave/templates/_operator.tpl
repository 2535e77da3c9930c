{{/* Flags, because they beat whatever else puts variables into a Pod. */}}
{{- define "wayleave.args" -}}
- {{ printf "--namespace=%s" .Release.Namespace }}
- {{ printf "--mode=%s" (include "wayleave.mode" .) }}
{{- with .Values.operator }}
- {{ printf "--egress=%t" .egress }}
- {{ printf "--workers=%d" (int .workers) }}
- {{ printf "--log-level=%s" .logLevel }}
{{- end }}
- --metrics-port=8080
- --probe-port=8081
- {{ printf "--leader-elect=%s" (include "wayleave.electsLeader" . | default "false") }}
{{ include "wayleave.telemetryArgs" . }}
{{- end }}

{{/* Of telemetry that is off, or of the part that is, there is its switch and nothing else. */}}
{{- define "wayleave.telemetryArgs" -}}
{{- if not (include "wayleave.hasTelemetry" .) -}}
- --telemetry-enabled=false
{{- else -}}
{{- with .Values.global.telemetry -}}
- --telemetry-enabled=true
- {{ printf "--telemetry-usage-enabled=%t" .usage.enabled }}
- {{ printf "--telemetry-errors-enabled=%t" .errors.enabled }}
{{- /* Two words: an empty text after = is no value. Given when empty too, so that no other variable in the Pod can name one. */}}
- --telemetry-endpoint
- {{ .endpoint | quote }}
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
{{- if include "wayleave.hasTelemetry" . }}
{{- with .Values.global.telemetry.apiKeySecretRef }}
{{- if .name }}
- name: OTEL_EXPORTER_OTLP_API_KEY
  valueFrom:
    secretKeyRef:
      name: {{ .name }}
      key: {{ .key }}
      {{- /* Telemetry never keeps the operator from starting. */}}
      optional: true
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}
