# SPDX-License-Identifier: Apache-2.0 OR MIT
# bash completion for simdinet-preload

_simdinet_preload() {
    local current=$2 at
    COMPREPLY=()
    # bash splits --check=FILE into three words.
    if ((COMP_CWORD > 1)) && [[ ${COMP_WORDS[COMP_CWORD - 1]} == = || $current == = ]]; then
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "${current#=}")
        return
    fi
    # The first word that is not an option or part of one is the command.
    for ((at = 1; at < COMP_CWORD; at++)); do
        case ${COMP_WORDS[at]} in
        =) ((at++)) ;;
        --) ((at++)) && break ;;
        -*) ;;
        *) break ;;
        esac
    done
    if ((at < COMP_CWORD)); then
        # Its arguments are completed by bash-completion if that is loaded.
        if declare -F _comp_command_offset >/dev/null; then
            _comp_command_offset "$at"
        elif declare -F _command_offset >/dev/null; then
            _command_offset "$at"
        else
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -f -- "$current")
        fi
    elif [[ $current == -* && ${COMP_WORDS[COMP_CWORD - 1]} != -- ]]; then
        mapfile -t COMPREPLY < <(compgen -W "--check --check= --help" -- "$current")
        [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace
    else
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -c -- "$current")
    fi
}

complete -F _simdinet_preload simdinet-preload
