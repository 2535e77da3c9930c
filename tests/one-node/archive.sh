# shellcheck shell=bash
# Sourced by the scripts that make images.

# archive NAME FOLDER CONFIG FILE: an image of one layer, the same bytes for the same folder; CONFIG is the JSON of its .config
archive() {
  local parts digest
  parts=$(mktemp -d "$4.XXXXXX")
  tar --sort=name --mtime=@0 --numeric-owner --owner=0 --group=0 -C "$2" -cf "$parts/layer.tar" .
  digest=$(sha256sum <"$parts/layer.tar" | cut -d' ' -f1)
  printf '{"architecture":"%s","os":"linux","config":%s,"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$(dpkg --print-architecture)" "$3" "$digest" >"$parts/config.json"
  printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$1" >"$parts/manifest.json"
  tar -C "$parts" -cf "$4" manifest.json config.json layer.tar
  rm -rf "$parts"
}
