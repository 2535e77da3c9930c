{{/* What every Pod of the chart has in common. */}}
{{- define "wayleave.image" -}}
{{- $image := .Values.image -}}
image: {{ if $image.digest }}{{ printf "%s@%s" $image.repository $image.digest | quote }}{{ else }}{{ printf "%s:%s" $image.repository ($image.tag | default .Chart.AppVersion) | quote }}{{ end }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- end }}

{{/* Takes a security context. Nothing if no field is left. */}}
{{- define "wayleave.security" -}}
{{- with include "wayleave.withoutNulls" . | fromYaml -}}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Helm itself removes a field that is null only where the chart has a default for it. */}}
{{- define "wayleave.withoutNulls" -}}
{{- $fields := dict -}}
{{- range $name, $value := . -}}
{{- if kindIs "map" $value -}}
{{- with include "wayleave.withoutNulls" $value | fromYaml -}}{{- $_ := set $fields $name . -}}{{- end -}}
{{- else if not (kindIs "invalid" $value) -}}
{{- $_ := set $fields $name $value -}}
{{- end -}}
{{- end -}}
{{- toYaml $fields -}}
{{- end }}

{{- define "wayleave.scheduling" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{/* Defaults labelSelector of a constraint to the Pods of the release. */}}
{{- define "wayleave.topologySpread" -}}
{{- range .Values.topologySpreadConstraints }}
{{- $own := dict "labelSelector" (dict "matchLabels" (include "wayleave.selectorLabels" $ | fromYaml)) }}
- {{ merge (deepCopy .) $own | toYaml | nindent 2 | trim }}
{{- end }}
{{- end }}
