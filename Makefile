SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo cluster test unit e2e k3s one-node format verify generate bench bench-quick chaos soak image cli sbom install clean

CONFIGURATION ?= Release
RESULTS := artifacts/test-results
TOOLS := $(or $(WAYLEAVE_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/wayleave)/tools
IMAGE ?= localhost/wayleave-operator:dev

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  \1\t\2/' | expand -t 14

demo: ## run the operator on a local control plane and show what it does (V=1: all output)
	@tests/demo/run $(if $(V),-v)

cluster: ## run a local control plane until Ctrl-C, for kubectl and your own operator process
	@tests/control-plane/cluster run artifacts/cluster

test: ## run all tests; the end-to-end tests use a real API server
	@tests/run $(RESULTS) tests/*.Tests

unit: ## run only the tests that need no API server
	@tests/run $(RESULTS) $(filter-out %EndToEnd.Tests %K3s.Tests,$(wildcard tests/*.Tests))

e2e: ## run only the tests against a real API server
	@tests/run $(RESULTS) tests/Wayleave.EndToEnd.Tests

k3s: ## run the tests on K3s in Docker: real packets, or a stand-in without Pods where rancher/k3s cannot be pulled
	@tests/run $(RESULTS) tests/Wayleave.K3s.Tests

one-node: ## run the tests of the chart and the image on a single-node cluster (as root; takes minutes)
	@tests/one-node/run

format: ## format the C# code as make verify requires it
	@dotnet format whitespace . --folder

verify: ## check formatting, analyzers, generated files and the chart
	@tests/verify

generate: ## write the CRDs, the roles, the reference pages, the overview picture and the table of the chart's values
	@dotnet run --project operator/Wayleave.Generator -- crds crds charts/wayleave/files/crds
	@dotnet run --no-build --project operator/Wayleave.Generator -- rbac charts/wayleave/files
	@dotnet run --no-build --project operator/Wayleave.Generator -- docs docs
	@dotnet run --no-build --project operator/Wayleave.Generator -- pictures docs/pictures
	@dotnet run --no-build --project operator/Wayleave.Generator -- values charts/wayleave

bench: ## run all benchmarks (long); the report goes to artifacts/bench
	@tests/bench full

bench-quick: ## run the main benchmarks with smaller sizes (minutes)
	@tests/bench quick

chaos: ## inject random faults into a real control plane, and check the result after each storm (SEED=N, STORMS=N)
	@tests/chaos $(SEED) $(STORMS)

soak: ## make ten changes a second for an hour (MINUTES=N), and check that memory and handles stay flat
	@tests/bench soak $(MINUTES)

image: ## build the container image with docker, podman or buildah (IMAGE=NAME)
	@builder=$$(command -v docker || command -v podman || command -v buildah) || { echo 'image: needs docker, podman or buildah' >&2; exit 1; }; \
	export SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct); \
	case "$$builder" in */docker) same= ;; *) same="--timestamp $$SOURCE_DATE_EPOCH" ;; esac; \
	"$$builder" build $$same --build-arg REVISION=$$(git rev-parse HEAD) -t $(IMAGE) .

cli: ## build kubectl wayleave into artifacts/cli: put that folder on the PATH
	@tests/publish artifacts/cli Cli

sbom: ## write artifacts/sbom.json: what the program is made of, as CycloneDX
	@dotnet restore operator/Wayleave.Operator -v quiet
	@[ -x $(TOOLS)/dotnet-CycloneDX ] || dotnet tool install CycloneDX --version 6.3.1 --tool-path $(TOOLS) >/dev/null
	@$(TOOLS)/dotnet-CycloneDX operator/Wayleave.Operator/Wayleave.Operator.csproj --output artifacts --filename sbom.json \
	  --output-format Json --exclude-dev --no-serial-number --disable-package-restore >/dev/null && echo artifacts/sbom.json

install: ## install the chart with values.yaml in the current cluster of kubectl
	@tools=$$(tests/control-plane/tools) && "$$tools/helm" upgrade --install wayleave charts/wayleave \
	  --namespace wayleave-system --create-namespace --values values.yaml

clean: ## remove build output; the cache of tools stays
	@rm -rf artifacts operator/*/bin operator/*/obj tests/*/bin tests/*/obj
