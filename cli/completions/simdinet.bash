# SPDX-License-Identifier: Apache-2.0 OR MIT
# bash completion for simdinet

# What bash must know to be names of files: it quotes these, and ends folders with a slash.
_simdinet_files() {
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

_simdinet() {
    local current=$2 previous=$3 command=${COMP_WORDS[1]} options
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W "extract count parse format grep resolve services interfaces info --help --version" -- "$current")
        return
    fi
    # bash cuts --option=value into three words.
    if [[ $previous == = ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    elif [[ $current == = ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 1]} current=
    fi
    # To others, -n is no more than a letter.
    [[ $command == count && $previous == -n ]] && return
    case $previous in
    --color)
        mapfile -t COMPREPLY < <(compgen -W "auto always never" -- "$current")
        return
        ;;
    --by)
        mapfile -t COMPREPLY < <(compgen -W "/24,/48 /24,/64 /16,/32" -- "$current")
        return
        ;;
    -j | --threads | --top | --timeout | -e | --network)
        return
        ;;
    -f | --file)
        _simdinet_files "$current"
        return
        ;;
    esac
    case $command in
    extract)
        options="--ipv4 --ipv6 --canonical --line-number --byte-offset --with-filename --no-filename
            --json --null --unique --versions --color= --line-buffered --stats --threads= --help"
        ;;
    count)
        options="--ipv4 --ipv6 --top= --by= --json --mapped --versions --stats --threads= --help"
        ;;
    parse)
        options="--ipv4 --ipv6 --hex --int --binary --strict --help"
        ;;
    format)
        options="--ipv4 --ipv6 --binary --hex --int --help"
        ;;
    grep)
        options="--network= --file= --invert-match --count --only-matching --quiet --line-number
            --with-filename --no-filename --versions --color= --line-buffered --stats --threads=
            --help"
        ;;
    resolve)
        options="--ipv4 --ipv6 --reverse --timeout= --json --help"
        ;;
    services | interfaces | info)
        options="--help"
        ;;
    esac
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
        [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace
    elif [[ $command == @(extract|count|parse|format|grep) ]]; then
        _simdinet_files "$current"
    fi
}

complete -F _simdinet simdinet
