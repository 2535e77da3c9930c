# shellcheck shell=bash
# Sourced by the scripts that build parts of Kubernetes from Debian's source package.
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

suite=bookworm
version=1.20.5+really1.20.2 # of Debian's source package "kubernetes", without Debian's revision: its patches are for kubectl
release=${version#*really}

# the archive that this machine takes its packages from
mirror() {
  { apt-get update --print-uris 2>/dev/null || true; } |
    sed -n "s#^'\(.*\)/dists/$suite/InRelease' .*#\1#p" | sed -n 1p
}

fetch() {
  local from options=''
  from=$(mirror)
  [ -n "$from" ] || die "this machine has no package source for Debian '$suite'; set KUBEBUILDER_ASSETS instead"
  [ ! -e /usr/share/keyrings/debian-archive-keyring.gpg ] ||
    options='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] '
  # lists, cache and sources of its own: needs no root and disturbs no other apt
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/download"
  printf "%s $options$from $suite main\n" deb deb-src >"$work/sources.list"
  cat >"$work/apt.conf" <<CONF
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
APT::Sandbox::User "root";
Dir::State::lists "$work/lists";
Dir::Cache "$work/cache";
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "-";
CONF
  cd "$work/download"
  apt-get -c "$work/apt.conf" -qq update >/dev/null
  apt-get -c "$work/apt.conf" -qq source --download-only --tar-only kubernetes >/dev/null
  apt-get -c "$work/apt.conf" -qq download etcd-server golang-1.19-go golang-1.19-src golang-github-modern-go-reflect2-dev >/dev/null
}

# The Go tree's layout is GOPATH's. Its own copy of reflect2 (1.0.1) corrupts memory when Go 1.18 or later
# compiles it: the API server dies at the first custom resource. Debian's package has a later one.
unpack() {
  local deb reflect2=github.com/modern-go/reflect2
  for deb in "$work"/download/*.deb; do dpkg-deb -x "$deb" "$work/root"; done
  mkdir -p "$tree"
  tar -xzf "$work/download/kubernetes_$version.orig.tar.gz" -C "$tree" --strip-components=1
  rm -rf "${tree:?}/vendor/$reflect2"
  cp -r "$work/root/usr/share/gocode/src/$reflect2" "$tree/vendor/$reflect2"
}

# pkg/generated/openapi is not in the source package, and kube-apiserver does not compile without it
generate() {
  local packages
  packages=$(grep -rl --include='*.go' --exclude-dir={testdata,code-generator,kube-openapi} --exclude-dir='sample-*' \
    '^// +k8s:openapi-gen=' pkg cmd plugin staging/src/k8s.io | sed 's#/[^/]*$##' | sort -u |
    sed -e 's#^staging/src/#vendor/#' -e 's#^#k8s.io/kubernetes/#' | paste -sd,)
  go build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
  "$work/openapi-gen" -i "$packages" -p k8s.io/kubernetes/pkg/generated/openapi -O zz_generated.openapi \
    -h vendor/k8s.io/code-generator/hack/boilerplate.go.txt -r "$work/violations" 2>"$work/openapi-gen.log" ||
    { tail -20 "$work/openapi-gen.log"; return 1; }
}

compile() {
  local flags='-s -w' package
  for package in component-base/version client-go/pkg/version; do
    package=k8s.io/kubernetes/vendor/k8s.io/$package
    flags+=" -X $package.gitVersion=v$release -X $package.gitMajor=1 -X $package.gitMinor=20 -X $package.gitTreeState=clean"
  done
  go build -tags providerless,dockerless -ldflags "$flags" -o "$out/$1" "./cmd/$1"
}

# prepare WORK OUT: the sources and a Go of that time in WORK, what is compiled to OUT, and the current folder the tree
prepare() {
  work=$1 out=$2
  tree=$work/go/src/k8s.io/kubernetes
  step 'fetch the packages' fetch
  step 'unpack' unpack
  export GOROOT=$work/root/usr/lib/go-1.19 GOPATH=$work/go GOCACHE=$work/go-build GOENV=off GOFLAGS='' GO111MODULE=off CGO_ENABLED=0
  export PATH=$GOROOT/bin:$PATH
  cd "$tree"
}
