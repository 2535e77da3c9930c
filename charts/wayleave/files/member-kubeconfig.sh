#!/bin/sh
# Writes a kubeconfig for the operator of another cluster, with the role of member-role.yaml and no more.
#   member-kubeconfig.sh CONTEXT [DURATION] > kubeconfig
# CONTEXT is a context of your kubeconfig that may create tokens. DURATION of the token defaults to 8760h.
set -eu
context=${1:?the context of the member cluster}
view() { kubectl config view --raw --minify --flatten --context "$context" --output "jsonpath={.clusters[0].cluster.$1}"; }
server=$(view server)
authority=$(view certificate-authority-data)
name=$(view tls-server-name)
token=$(kubectl --context "$context" create token wayleave-member --namespace wayleave-member --duration "${2:-8760h}")
cat <<END
apiVersion: v1
kind: Config
current-context: member
contexts: [{name: member, context: {cluster: member, user: wayleave-member}}]
clusters: [{name: member, cluster: {server: "$server"${authority:+, certificate-authority-data: $authority}${name:+, tls-server-name: "$name"}}}]
users: [{name: wayleave-member, user: {token: $token}}]
END
