# docker build --tag localhost/wayleave-operator:0.1.0 .
# docker build --build-arg ARCH=arm64 ... builds for arm64 on any machine: only files are copied into the last stage.

ARG ARCH=amd64
# Pin further with a digest: --build-arg SDK_IMAGE=...@sha256:...
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled

FROM ${SDK_IMAGE} AS build
ARG ARCH
# Exactly the locked packages, and no path of the build machine in the output.
ENV CI=true DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
WORKDIR /src
COPY . .
# For both architectures at once, as the lock files are.
RUN dotnet restore operator/Wayleave.Operator
# Without symbols: those of generated log messages are not the same bytes each time, and the rest is.
RUN case "$ARCH" in \
      amd64) rid=linux-x64 ;; \
      arm64) rid=linux-arm64 ;; \
      *) echo "ARCH is $ARCH, and must be amd64 or arm64" >&2; exit 1 ;; \
    esac \
    && dotnet publish operator/Wayleave.Operator --no-restore \
      --configuration Release --runtime "$rid" --self-contained --output /app -p:DebugType=none \
    && chmod -R a+rX /app

FROM --platform=linux/${ARCH} ${RUNTIME_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=
LABEL org.opencontainers.image.title="wayleave-operator" \
      org.opencontainers.image.description="Turns declarations of which workload calls which into network policies" \
      org.opencontainers.image.vendor="Wayleave" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY LICENSE /licenses/LICENSE
COPY --from=build /app /app
# The root is read-only, and the runtime's diagnostics would write to it. The ports come from flags, not from the base image.
ENV DOTNET_EnableDiagnostics=0 ASPNETCORE_HTTP_PORTS=
USER 1654:1654
EXPOSE 8080 8081
ENTRYPOINT ["/app/wayleave-operator"]
