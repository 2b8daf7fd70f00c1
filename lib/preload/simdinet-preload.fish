# SPDX-License-Identifier: Apache-2.0 OR MIT
# fish completion for simdinet-preload

complete -c simdinet-preload -x -a '(__fish_complete_subcommand)'
complete -c simdinet-preload -l check -d 'Compare each call with that of libc'
complete -c simdinet-preload -s h -l help -d 'Print a summary'
