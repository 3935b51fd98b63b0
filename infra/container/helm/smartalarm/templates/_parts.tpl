{{/* What several templates share. Each takes a dict: root (the chart's own scope) and, where it matters, role. */}}

{{- define "smartalarm.name" -}}
{{- if contains "smartalarm" .Release.Name -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{- else -}}{{ printf "%s-smartalarm" .Release.Name | trunc 40 | trimSuffix "-" }}{{- end -}}
{{- end -}}

{{- define "smartalarm.selector" -}}
app.kubernetes.io/name: smartalarm
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .role }}
{{- end -}}

{{- define "smartalarm.labels" -}}
{{ include "smartalarm.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "smartalarm.image" -}}
{{- $image := .root.Values.image -}}
{{- if $image.digest -}}{{ $image.repository }}@{{ $image.digest }}{{- else -}}{{ $image.repository }}:{{ $image.tag | default .root.Chart.AppVersion }}{{- end -}}
{{- end -}}

{{- define "smartalarm.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "smartalarm.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: {drop: [ALL]}
{{- end -}}

{{- define "smartalarm.secret" -}}
- name: {{ .key }}
  valueFrom:
    secretKeyRef:
      name: {{ .root.Values.existingSecret }}
      key: {{ .key }}
      {{- if .optional }}
      optional: true
      {{- end }}
{{- end -}}

{{- define "smartalarm.database" -}}
- {name: DATABASE_PROVIDER, value: postgresql}
{{ include "smartalarm.secret" (dict "root" .root "key" "CONNECTION_STRING") }}
{{- end -}}

{{- define "smartalarm.env" -}}
{{ include "smartalarm.database" . }}
- {name: SMARTALARM_ROLE, value: {{ .role }}}
- {name: API_BASE_URL, value: {{ .root.Values.apiBaseUrl | quote }}}
- {name: TRUSTED_PROXIES, value: {{ join "," .root.Values.trustedProxies | quote }}}
{{- range $name, $value := .root.Values.settings }}
- {name: {{ $name }}, value: {{ $value | toString | quote }}}
{{- end }}
{{ include "smartalarm.secret" (dict "root" .root "key" "JWT_SECRET_KEY") }}
{{ include "smartalarm.secret" (dict "root" .root "key" "VAPID_PRIVATE_KEY") }}
{{ include "smartalarm.secret" (dict "root" .root "key" "VAPID_PUBLIC_KEY") }}
{{ include "smartalarm.secret" (dict "root" .root "key" "METRICS_TOKEN" "optional" true) }}
{{- end -}}

{{- define "smartalarm.mounts" -}}
- {name: data, mountPath: /data}
- {name: tmp, mountPath: /tmp}
{{- end -}}

{{- define "smartalarm.volumes" -}}
- {name: data, emptyDir: {sizeLimit: 16Mi}}
- {name: tmp, emptyDir: {medium: Memory, sizeLimit: 64Mi}}
{{- end -}}
