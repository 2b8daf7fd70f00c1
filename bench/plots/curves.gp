# A panel for each operation of panels: ns an address, or GB/s, by the number of addresses or by the size.
# gnuplot -e "csv='...'; output='...'; panels='...'; gigabytes='0'" curves.gp
column_of_value = gigabytes eq '1' ? 9 : 7
count = words(panels)
candidates = 'libc memcpy loop-O2 scalar sse42 avx2 avx512 neon'
colours = '#57606a #57606a #afb8c1 #bf8700 #1a7f37 #0969da #8250df #bf3989'
# The corpus is a number, or a size such as 64K.
rows(operation, name) = sprintf("< awk -F, -v OFS=, '$1==\"%s\" && $4==\"%s\" { size = $2 + 0; if ($2 ~ /K$/) size *= 1024; if ($2 ~ /M$/) size *= 1048576; $2 = size; print }' %s", \
                                operation, name, csv)

set datafile separator ','
set terminal svg size 830, 270 * ((count + 1) / 2) font 'sans-serif,11' background rgb 'white'
set output output
set multiplot layout (count + 1) / 2, 2
set logscale xy
set border 3
set tics scale 0.4 nomirror
set grid lc rgb '#d8dee4' lt 1
set key outside right top
set format x '%.0s%c'
do for [operation in panels] {
    set title operation noenhanced
    set xlabel gigabytes eq '1' ? 'bytes' : 'addresses'
    set ylabel gigabytes eq '1' ? 'GB/s' : 'ns an address'
    plot for [i = 1:words(candidates)] rows(operation, word(candidates, i)) using 2:column_of_value \
        with linespoints pt 7 ps 0.4 lw 1.5 lc rgb word(colours, i) title word(candidates, i)
}
unset multiplot
