# A panel of horizontal bars for each operation|corpus|statistic of panels: the fastest repetition of each
# candidate in ns, or GB/s. gnuplot -e "csv='...'; output='...'; panels='...'; gigabytes='0'" bars.gp
column_of_value = gigabytes eq '1' ? 9 : 7
count = words(panels)
part(panel, i) = system(sprintf("echo '%s' | cut -d'|' -f%d", panel, i))
rows(panel) = sprintf("< awk -F, '$1==\"%s\" && $2==\"%s\" && $5==\"%s\" && $4!=\"memchr\" && $4!~/^Python/' %s", \
                  part(panel, 1), part(panel, 2), part(panel, 3), csv)
label(name) = name eq 'sse42' ? 'SSE4.2' : name eq 'avx2' ? 'AVX2' : name eq 'avx512' ? 'AVX-512' : \
          name eq 'neon' ? 'NEON' : name
colour(name) = name eq 'libc' ? 0x57606a : name eq 'scalar' ? 0xbf8700 : name eq 'sse42' ? 0x1a7f37 : \
           name eq 'avx2' ? 0x0969da : name eq 'avx512' || name eq 'simdinet' ? 0x8250df : \
           name eq 'neon' ? 0xbf3989 : 0xafb8c1
number(x) = x >= 100 ? sprintf('%.0f', x) : x >= 10 ? sprintf('%.1f', x) : sprintf('%.2f', x)

set datafile separator ','
set terminal svg size 830, 240 * ((count + 1) / 2) font 'sans-serif,11' background rgb 'white'
set output output
set multiplot layout (count + 1) / 2, 2
set style fill solid noborder
set border 2
set yrange [] reverse
set ytics scale 0 nomirror noenhanced
set xtics scale 0 nomirror
set grid xtics lc rgb '#d8dee4' lt 1
set lmargin 16
unset key
do for [panel in panels] {
    stats rows(panel) using column_of_value nooutput name 'S'
    set title part(panel, 1) . ', ' . part(panel, 2) noenhanced
    set xlabel gigabytes eq '1' ? 'GB/s' : 'ns'
    set xrange [0:1.25 * S_max]
    plot rows(panel) using (0):0:(0):column_of_value:($0 - 0.36):($0 + 0.36):(colour(strcol(4))):ytic(label(strcol(4))) \
             with boxxyerror lc rgb variable, \
         rows(panel) using column_of_value:0:(' ' . number(column(column_of_value))) with labels left
}
unset multiplot
