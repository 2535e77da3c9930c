# docker build --tag localhost/wayleave-operator:0.1.0 .
# The programs are native code, so they are built on the architecture that they are for: docker build --platform linux/arm64 ... on another.

# Pin further with a digest: --build-arg SDK_IMAGE=...@sha256:...
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble-aot
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled

FROM ${SDK_IMAGE} AS build
# Exactly the locked packages, and no path of the build machine in the output.
ENV CI=true DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
WORKDIR /src
COPY . .
# For both architectures at once, as the lock files are.
RUN for program in Operator Mapper Sensor; do dotnet restore operator/Wayleave.$program || exit 1; done
# Without symbols, which are nearly three times as large as the programs.
RUN case "$(uname -m)" in x86_64) rid=linux-x64 ;; aarch64) rid=linux-arm64 ;; *) echo "no build for $(uname -m)" >&2; exit 1 ;; esac \
    && for program in Operator Mapper Sensor; do \
      dotnet publish operator/Wayleave.$program --no-restore \
        --configuration Release --runtime "$rid" --output /app -p:DebugType=none || exit 1; done \
    && rm -f /app/*.dbg && chmod -R a+rX /app

FROM ${RUNTIME_IMAGE}
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
# The ports come from flags, not from the base image.
ENV ASPNETCORE_HTTP_PORTS=
USER 1654:1654
EXPOSE 8080 8081 8443
ENTRYPOINT ["/app/wayleave-operator"]
