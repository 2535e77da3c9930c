# bash completion of wayleave; source it, or put it into the folder of bash-completion
__wayleave_complete() {
  local IFS=$'\n' line directive=4 i
  local -a words=()
  COMPREPLY=()
  # bash splits --option=value into three words
  for ((i = 1; i <= COMP_CWORD; i++)); do
    if ((${#words[@]})) && [[ ${COMP_WORDS[i]} == '=' || ${COMP_WORDS[i - 1]} == '=' ]]; then
      words[-1]+=${COMP_WORDS[i]}
    else
      words+=("${COMP_WORDS[i]}")
    fi
  done
  while IFS= read -r line; do
    case $line in
      :*) directive=${line#:} ;;
      *) COMPREPLY+=("${line%%$'\t'*}") ;;
    esac
  done < <("${COMP_WORDS[0]}" __complete "${words[@]}" 2>/dev/null)
  if [ "$directive" = 0 ] && [ ${#COMPREPLY[@]} = 0 ]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "${words[-1]##*=}")
  fi
}
complete -F __wayleave_complete wayleave kubectl-wayleave
