# Percentiles of single calls: p50, p90, p99 and p99.9 of each candidate on one line, in ns, with those of an
# empty call first. gnuplot -e "csv='...'; output='...'; panels='...'" latency.gp
count = words(panels)
shares = 'p50 p90 p99 p99.9'
rows(operation, share) = sprintf("< awk -F, '($1==\"call_latency\" || $1==\"%s\") && $5==\"%s\"' %s", operation, share, csv)

set datafile separator ','
set terminal svg size 830, 280 * ((count + 1) / 2) font 'sans-serif,11' background rgb 'white'
set output output
set multiplot layout (count + 1) / 2, 2
set logscale x
set border 2
set yrange [] reverse
set ytics scale 0 nomirror noenhanced
set xtics nomirror
set grid xtics ytics lc rgb '#d8dee4' lt 1
set lmargin 16
set offsets 0, 0, 0.7, 0.7
set key outside top center horizontal
set xlabel 'ns'
do for [operation in panels] {
    set title operation noenhanced
    plot for [i = 1:words(shares)] rows(operation, word(shares, i)) using 8:0:ytic(4) \
        with points pt 7 ps (1.2 - 0.2 * i) lc rgb word('#0969da #1a7f37 #bf8700 #cf222e', i) title word(shares, i)
}
unset multiplot
