# SPDX-License-Identifier: Apache-2.0 OR MIT
# fish completion for simdinet

function __simdinet_is
    set -l words (commandline -opc)
    test (count $words) -gt 1; and contains -- $words[2] $argv
end

function __simdinet_begins
    test (count (commandline -opc)) -eq 1
end

complete -c simdinet -n __simdinet_begins -f
complete -c simdinet -n __simdinet_begins -a extract -d 'Print every address in a text'
complete -c simdinet -n __simdinet_begins -a count -d 'Print each address with its count'
complete -c simdinet -n __simdinet_begins -a parse -d 'Turn addresses in text into bytes or numbers'
complete -c simdinet -n __simdinet_begins -a format -d 'Print binary addresses, or numbers, as text'
complete -c simdinet -n __simdinet_begins -a grep -d 'Print the lines that hold an address of certain networks'
complete -c simdinet -n __simdinet_begins -a resolve -d 'Print the addresses of names, or the names of addresses'
complete -c simdinet -n __simdinet_begins -a services -d 'Print the ports of services, or the services at ports'
complete -c simdinet -n __simdinet_begins -a interfaces -d 'Print the network interfaces of this machine'
complete -c simdinet -n __simdinet_begins -a info -d 'Print the version and the kernels'
complete -c simdinet -n __simdinet_begins -l help -d 'Print the commands'
complete -c simdinet -n __simdinet_begins -l version -d 'Print the version and the kernel in use'

set -l walks '__simdinet_is extract count grep'
complete -c simdinet -n $walks -l versions -d 'Take version-like numbers for addresses'
complete -c simdinet -n $walks -l stats -d 'Print lines, bytes, addresses and the rate'
complete -c simdinet -n $walks -s j -l threads -x -d 'Threads for large files'
complete -c simdinet -n '__simdinet_is extract count parse format grep resolve services interfaces info' -l help -d 'Print a summary'

set -l families '__simdinet_is extract count parse resolve'
complete -c simdinet -n $families -s 4 -l ipv4 -d 'IPv4 only'
complete -c simdinet -n $families -s 6 -l ipv6 -d 'IPv6 only'
complete -c simdinet -n '__simdinet_is extract count' -l json -d 'Print a JSON object a line'

set -l named '__simdinet_is extract grep'
complete -c simdinet -n $named -s n -l line-number -d 'Print line numbers'
complete -c simdinet -n $named -s H -l with-filename -d 'Print names of files'
complete -c simdinet -n $named -s h -l no-filename -d 'Print no names of files'
complete -c simdinet -n $named -l color -a 'auto always never' -d 'Use colours'
complete -c simdinet -n $named -l line-buffered -d 'Write every line at once'

complete -c simdinet -n '__simdinet_is extract' -l canonical -d 'Print addresses in canonical form'
complete -c simdinet -n '__simdinet_is extract' -s b -l byte-offset -d 'Print places in the file'
complete -c simdinet -n '__simdinet_is extract' -s 0 -l null -d 'End addresses with NUL'
complete -c simdinet -n '__simdinet_is extract' -l unique -d 'Print an address only where it is first seen'

complete -c simdinet -n '__simdinet_is count' -s n -l top -x -d 'Print only the most frequent'
complete -c simdinet -n '__simdinet_is count' -l by -x -a '/24,/48 /24,/64 /16,/32' -d 'Count networks'
complete -c simdinet -n '__simdinet_is count' -l mapped -d 'Count mapped addresses on their own'

set -l forms '__simdinet_is parse format'
complete -c simdinet -n $forms -l binary -d 'Bytes in network order'
complete -c simdinet -n $forms -l hex -d 'Hexadecimal digits, a line each'
complete -c simdinet -n $forms -l int -d 'Decimal numbers, a line each'
complete -c simdinet -n '__simdinet_is parse' -l strict -d 'Stop at the first line that is no address'
complete -c simdinet -n '__simdinet_is format' -s 4 -l ipv4 -d 'IPv4 addresses'
complete -c simdinet -n '__simdinet_is format' -s 6 -l ipv6 -d 'IPv6 addresses'

complete -c simdinet -n '__simdinet_is grep' -s e -l network -x -d 'Look for this network'
complete -c simdinet -n '__simdinet_is grep' -s f -l file -r -d 'Look for the networks in this list'
complete -c simdinet -n '__simdinet_is grep' -s v -l invert-match -d 'Print the lines that hold none'
complete -c simdinet -n '__simdinet_is grep' -s c -l count -d 'Print how many lines there are'
complete -c simdinet -n '__simdinet_is grep' -s o -l only-matching -d 'Print the addresses alone'
complete -c simdinet -n '__simdinet_is grep' -s q -l quiet -d 'Print nothing'

complete -c simdinet -n '__simdinet_is resolve services interfaces info' -f
complete -c simdinet -n '__simdinet_is resolve' -s r -l reverse -d 'Print names of addresses'
complete -c simdinet -n '__simdinet_is resolve' -l timeout -x -d 'Give up on a name, in milliseconds'
complete -c simdinet -n '__simdinet_is resolve' -l json -d 'Print a JSON object a line'
