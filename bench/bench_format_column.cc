// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// bench_format_column - many addresses to text in one call, as lines and as columns with offsets: every
// implementation and a loop over libc's inet_ntop that writes the same lines.
#include "options.h"
#include "report.h"
#include "simdinet.h"
#include "table_format.h"

#include <arpa/inet.h>
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace {

// ---- candidates: each writes n addresses to text and returns the length --------------------------

using Format = size_t(const uint8_t *addresses, size_t n, char *text, int32_t *offsets);

template <int family> size_t line_size() {
    return family == 4 ? SIMDINET_IPV4_LINES_SIZE(1) : SIMDINET_IPV6_LINES_SIZE(1);
}

template <int family> size_t libc_lines(const uint8_t *addresses, size_t n, char *text, int32_t *) {
    constexpr size_t size = family == 4 ? 4 : 16;
    char *p = text;
    for (size_t i = 0; i < n; i++) {
        inet_ntop(family == 4 ? AF_INET : AF_INET6, addresses + size * i, p, INET6_ADDRSTRLEN);
        p += strlen(p);
        *p++ = '\n';
    }
    return static_cast<size_t>(p - text);
}

// See table_format.h.
template <int family>
size_t table_lines(const uint8_t *addresses, size_t n, char *text, int32_t *) {
    constexpr size_t size = family == 4 ? 4 : 16;
    char *p = text;
    for (size_t i = 0; i < n; i++) {
        p = (family == 4 ? table_format::ipv4 : table_format::ipv6)(addresses + size * i, p);
        *p++ = '\n';
    }
    return static_cast<size_t>(p - text);
}

template <int family> size_t lines(const uint8_t *addresses, size_t n, char *text, int32_t *) {
    size_t len = 0;
    (family == 4 ? simdinet_format_ipv4_lines : simdinet_format_ipv6_lines)(
        addresses, n, '\n', text, n * line_size<family>(), &len);
    return len;
}

template <int family>
size_t column(const uint8_t *addresses, size_t n, char *text, int32_t *offsets) {
    size_t done = (family == 4 ? simdinet_format_ipv4_column : simdinet_format_ipv6_column)(
        addresses, nullptr, n, text, n * line_size<family>(), offsets);
    return static_cast<size_t>(offsets[done]);
}

// ---- data ----------------------------------------------------------------------------------------

// Addresses and their lines, as libc writes them.
struct Data {
    std::string name;
    size_t n = 0;
    size_t size = 0; // of an address
    std::vector<uint8_t> addresses;
    std::string text;
};

// The output of all candidates; the margin is for the table's, which write past their text.
std::vector<char> buffer;
std::vector<int32_t> offsets;

void reserve(size_t text, size_t n) {
    buffer.resize(std::max(buffer.size(), text + 128));
    offsets.resize(std::max(offsets.size(), n + 1));
}

template <int family> Data *data_of(const corpus *c) {
    const size_t n = c->valid;
    auto *data = new Data{c->name, n, c->size, {c->addresses, c->addresses + n * c->size}, {}};
    reserve(n * line_size<family>(), n);
    size_t len = libc_lines<family>(data->addresses.data(), n, buffer.data(), nullptr);
    data->text.assign(buffer.data(), len);
    return data;
}

// ---- benchmarks ----------------------------------------------------------------------------------

// The offsets of a column must be those of the line ends.
bool right(const Data &data, size_t len, bool with_offsets) {
    if (!with_offsets)
        return len == data.text.size() && memcmp(buffer.data(), data.text.data(), len) == 0;
    const char *line = data.text.data();
    for (size_t i = 0; i < data.n; i++) {
        auto size = static_cast<size_t>(offsets[i + 1] - offsets[i]);
        if (memcmp(buffer.data() + offsets[i], line, size) != 0 || line[size] != '\n')
            return false;
        line += size + 1;
    }
    return line == data.text.data() + data.text.size();
}

void run(benchmark::State &state, Format *format, const char *impl, const Data &data,
         bool with_offsets) {
    if (impl)
        simdinet_use_implementation(impl);
    memset(buffer.data(), 0, data.text.size());
    size_t len = format(data.addresses.data(), data.n, buffer.data(), offsets.data());
    const bool good = right(data, len, with_offsets);
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            format(data.addresses.data(), data.n, buffer.data(), offsets.data()));
        benchmark::ClobberMemory();
    }
    report_measure(state, data.n, data.text.size(), data.n, good);
}

void add(const std::string &operation, const Data *data, const char *candidate, Format *format,
         const char *impl, bool with_offsets) {
    add_benchmark(operation, data->name, candidate,
                  [=](benchmark::State &state) { run(state, format, impl, *data, with_offsets); });
}

// libc and the table always write lines, since they have no columns.
template <int family>
void add_all(const std::string &operation, const Data *data, bool with_offsets) {
    add(operation, data, "libc", libc_lines<family>, nullptr, false);
    add(operation, data, "table", table_lines<family>, nullptr, false);
    for (const simdinet_implementation *impl : implementations())
        add(operation, data, impl->name, with_offsets ? column<family> : lines<family>, impl->name,
            with_offsets);
}

template <int family> void add_family(const std::vector<const corpus *> &corpora) {
    std::string suffix = family == 4 ? "ipv4" : "ipv6";
    report_operation(("format_lines_" + suffix).c_str(), "many addresses to lines");
    report_operation(("format_column_" + suffix).c_str(), "many addresses to text and offsets");
    std::vector<const Data *> all;
    for (const corpus *c : corpora)
        if (c->family == family && !c->damaged)
            all.push_back(data_of<family>(c));
    for (const Data *data : all)
        add_all<family>("format_lines_" + suffix, data, false);
    for (const Data *data : all)
        add_all<family>("format_column_" + suffix, data, true);
}

} // namespace

int main(int argc, char **argv) {
    const Options options = take_options(argc, argv);
    const std::vector<const corpus *> corpora = make_corpora(options);
    add_family<4>(corpora);
    add_family<6>(corpora);
    return report_run(argc, argv);
}
