#compdef wayleave kubectl-wayleave
# zsh completion of wayleave; source it after compinit, or save it as _wayleave in a folder of fpath
_wayleave() {
  local line directive=4 tab=$'\t'
  local -a found
  while IFS= read -r line; do
    case $line in
      :*) directive=${line#:} ;;
      *$tab*) found+=("${${line%%$tab*}//:/\\:}:${line#*$tab}") ;;
      *) found+=("${line//:/\\:}") ;;
    esac
  done < <("${words[1]}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)
  # the answer to --option= is the value alone
  [[ $PREFIX == -*=* ]] && compset -P '*='
  if (( ${#found} )); then
    _describe 'wayleave' found
  elif [[ $directive == 0 ]]; then
    _files
  fi
}
if [[ ${funcstack[1]} == _wayleave ]]; then
  _wayleave "$@"
else
  compdef _wayleave wayleave kubectl-wayleave
fi
