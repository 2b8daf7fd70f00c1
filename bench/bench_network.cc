// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// bench_network - longest-prefix lookup in tables of the size of the Internet's, columns of networks,
// and the build of a set, compared with DPDK where it was found.
//
// usage: bench_network [--out=FILE] [--quick] [--repetitions N]
//
// Prints tables, and writes all repetitions to FILE in the format of Google Benchmark.
//
// Candidates of a table run interleaved in one process; a time is the minimum of the repetitions, of
// CPU time. Addresses come in batches of 1,024, and results go to one buffer. Every candidate's results
// are compared with a search of a sorted array.
#include "network_peers.h"
#include "simdinet_network_set.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace {

constexpr size_t batch = 1024, lookups = 1 << 20;

uint64_t state = 42;

uint64_t random64() { // SplitMix64
    uint64_t x = state += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

double seconds() {
    timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

// A prefix length, by the share of each in thousandths.
unsigned pick_length(const std::vector<std::pair<unsigned, unsigned>> &shares) {
    unsigned at = static_cast<unsigned>(random64() % 1000);
    for (auto [length, share] : shares) {
        if (at < share)
            return length;
        at -= share;
    }
    return shares.back().first;
}

// The distribution of a full BGP table: half /24, a quarter /22 and /23.
const std::vector<std::pair<unsigned, unsigned>> ipv4_lengths = {
    {24, 500}, {23, 125}, {22, 125}, {21, 50}, {20, 50}, {19, 40}, {18, 30}, {17, 20},
    {16, 40},  {15, 8},   {14, 5},   {13, 3},  {12, 2},  {11, 1},  {10, 1}};
const std::vector<std::pair<unsigned, unsigned>> ipv6_lengths = {
    {48, 460}, {32, 110}, {44, 100}, {40, 80}, {36, 50}, {47, 50}, {46, 40},
    {42, 30},  {29, 20},  {45, 20},  {33, 10}, {34, 10}, {35, 10}, {28, 10}};

struct Table {
    int family;
    std::vector<simdinet_network> networks;
    std::vector<uint32_t> values;
    std::vector<uint8_t> addresses; // of the lookups, 4 or 16 bytes
    std::vector<uint32_t> numbers;  // IPv4 in the order of the machine
    std::vector<uint32_t> expected; // UINT32_MAX: no match
};

void clear_host_bits(simdinet_network &network) {
    for (unsigned bit = network.prefix_length; bit < 128; bit++)
        network.address[bit / 8] &= static_cast<uint8_t>(~(0x80 >> bit % 8));
}

// n different networks. n_values is 0 for values that all differ.
Table make_table(int family, size_t n, uint32_t n_values) {
    Table t;
    t.family = family;
    std::map<std::string, bool> seen;
    std::vector<uint32_t> pool; // /32 allocations of IPv6, the first ones with most networks
    static const uint32_t tops[] = {0x20010000, 0x24000000, 0x26000000, 0x28000000, 0x2a000000};
    for (size_t i = 0; i < 30000; i++)
        pool.push_back(tops[random64() % 5] | static_cast<uint32_t>(random64() & 0xfffffff));
    while (t.networks.size() < n) {
        simdinet_network network = {};
        network.family = static_cast<uint8_t>(family);
        uint64_t top;
        if (family == 4) {
            do
                top = random64();
            while (top >> 56 == 0 || top >> 56 >= 224);
            network.prefix_length = static_cast<uint8_t>(pick_length(ipv4_lengths));
        } else {
            double u = static_cast<double>(random64() >> 11) / 9007199254740992.0;
            top = static_cast<uint64_t>(pool[static_cast<size_t>(u * u * 30000)]) << 32 |
                  (random64() & 0xffffffff);
            network.prefix_length = static_cast<uint8_t>(pick_length(ipv6_lengths));
        }
        for (unsigned i = 0; i < 8; i++)
            network.address[i] = static_cast<uint8_t>(top >> (56 - 8 * i));
        clear_host_bits(network);
        std::string key(reinterpret_cast<char *>(&network), sizeof network);
        if (!seen.emplace(key, true).second)
            continue;
        t.values.push_back(n_values ? static_cast<uint32_t>(random64() % n_values)
                                    : static_cast<uint32_t>(t.networks.size()));
        t.networks.push_back(network);
    }
    return t;
}

// Random addresses of the whole IPv4 space; of IPv6, random ones in random networks of the table.
void make_lookups(Table &t) {
    size_t size = t.family == 4 ? 4 : 16;
    t.addresses.resize(lookups * size);
    for (size_t i = 0; i < lookups; i++) {
        uint8_t *address = &t.addresses[i * size];
        for (size_t k = 0; k < size; k++)
            address[k] = static_cast<uint8_t>(random64());
        if (t.family == 4) {
            t.numbers.push_back(static_cast<uint32_t>(address[0]) << 24 |
                                static_cast<uint32_t>(address[1]) << 16 |
                                static_cast<uint32_t>(address[2]) << 8 | address[3]);
            continue;
        }
        const simdinet_network &network = t.networks[random64() % t.networks.size()];
        for (unsigned bit = 0; bit < network.prefix_length; bit++) {
            uint8_t mask = static_cast<uint8_t>(0x80 >> bit % 8);
            address[bit / 8] = static_cast<uint8_t>((address[bit / 8] & ~mask) |
                                                    (network.address[bit / 8] & mask));
        }
    }
}

// The longest match by a search for the address at every length, from the longest on.
void make_expected(Table &t) {
    std::vector<std::vector<std::pair<std::string, uint32_t>>> by_length(129);
    size_t size = t.family == 4 ? 4 : 16;
    for (size_t i = 0; i < t.networks.size(); i++)
        by_length[t.networks[i].prefix_length].emplace_back(
            std::string(reinterpret_cast<const char *>(t.networks[i].address), size), t.values[i]);
    for (auto &list : by_length)
        std::sort(list.begin(), list.end());
    for (size_t i = 0; i < lookups; i++) {
        uint32_t value = UINT32_MAX;
        for (unsigned length = 128; value == UINT32_MAX && length-- > 0;) {
            const auto &list = by_length[length];
            if (list.empty())
                continue;
            simdinet_network masked = {};
            masked.prefix_length = static_cast<uint8_t>(length);
            memcpy(masked.address, &t.addresses[i * size], size);
            clear_host_bits(masked);
            std::string key(reinterpret_cast<char *>(masked.address), size);
            auto found = std::lower_bound(list.begin(), list.end(), std::make_pair(key, 0u));
            if (found != list.end() && found->first == key)
                value = found->second;
        }
        t.expected.push_back(value);
    }
}

struct Candidate {
    std::string operation, corpus, name;
    std::string implementation;              // made the active one
    std::function<void(size_t first)> run;   // a batch
    std::function<uint32_t(size_t i)> value; // of its last batch; empty: not checked
    std::vector<double> times = {};          // seconds an address
    bool right = true;

    double best() const {
        return *std::min_element(times.begin(), times.end());
    }
};

void activate(const Candidate &c) {
    simdinet_use_implementation(c.implementation.empty() ? nullptr : c.implementation.c_str());
}

unsigned repetitions = 30;
bool wrong_results = false;
std::vector<Candidate> results;

void measure(std::vector<Candidate> &candidates, const std::vector<uint32_t> *expected) {
    for (Candidate &c : candidates) {
        size_t wrong = 0;
        if (!c.value || !expected)
            continue;
        activate(c);
        for (size_t first = 0; first < lookups; first += batch) {
            c.run(first);
            for (size_t i = 0; i < batch; i++)
                wrong += c.value(i) != (*expected)[first + i];
        }
        if (wrong > 0)
            fprintf(stderr, "%s of %s: %zu wrong results\n", c.operation.c_str(), c.name.c_str(),
                    wrong);
        c.right = wrong == 0;
        wrong_results |= wrong > 0 && !c.implementation.empty();
    }
    for (unsigned r = 0; r < repetitions; r++)
        for (Candidate &c : candidates) {
            activate(c);
            double start = seconds();
            for (size_t first = 0; first < lookups; first += batch)
                c.run(first);
            c.times.push_back((seconds() - start) / lookups);
        }
    simdinet_use_implementation(nullptr);
    printf("\n| operation | candidate | ns | M/s |\n|---|---|---|---|\n");
    for (const Candidate &c : candidates)
        printf("| %s | %s%s | %.2f | %.0f |\n", c.operation.c_str(), c.name.c_str(),
               c.right ? "" : " WRONG", c.best() * 1e9, 1e-6 / c.best());
    fflush(stdout);
    results.insert(results.end(), candidates.begin(), candidates.end());
}

std::vector<std::string> implementations() {
    std::vector<std::string> names;
    simdinet_implementation_info info;
    for (size_t i = 0; simdinet_describe_implementation(i, &info, sizeof info); i++)
        if (info.supported)
            names.push_back(info.name);
    return names;
}

std::vector<peer> peers;
uint32_t values[batch], ones[batch];
uint8_t lengths[batch], found[batch / 8], valid[batch / 8];
alignas(64) uint64_t peer_results[batch];
volatile uint32_t sink;

uint32_t own_value(size_t i) {
    return found[i / 8] >> i % 8 & 1 ? values[i] : UINT32_MAX;
}

double megabytes(size_t size) {
    return static_cast<double>(size) * 1e-6;
}

void bench_table(const Table &t, const std::string &title, const std::string &corpus) {
    double best = 1e9;
    simdinet_network_set *set = nullptr;
    for (int r = 0; r < 3; r++) {
        simdinet_free_network_set(set);
        double start = seconds();
        if (simdinet_build_network_set(t.networks.data(), t.values.data(), t.networks.size(), 0,
                                       nullptr, &set, nullptr) != SIMDINET_SET_OK)
            exit(1);
        best = std::min(best, seconds() - start);
    }
    printf("\n## %s\n\nsimdinet: %.2f MB, built in %.0f ms\n", title.c_str(),
           megabytes(simdinet_network_set_size(set)), best * 1e3);
    size_t size = t.family == 4 ? 4 : 16;
    auto column = t.family == 4 ? simdinet_lookup_ipv4_column : simdinet_lookup_ipv6_column;
    std::string lookup = t.family == 4 ? "lookup_ipv4" : "lookup_ipv6";
    std::vector<Candidate> candidates;
    for (const std::string &name : implementations()) {
        candidates.push_back({lookup, corpus, name, name,
                              [=, &t](size_t first) {
                                  column(set, &t.addresses[first * size], batch, nullptr, values,
                                         nullptr, found);
                              },
                              own_value});
        candidates.push_back({lookup + "_length", corpus, name, name,
                              [=, &t](size_t first) {
                                  column(set, &t.addresses[first * size], batch, nullptr, values,
                                         lengths, found);
                              },
                              own_value});
        candidates.push_back({lookup + "_member", corpus, name, name,
                              [=, &t](size_t first) {
                                  column(set, &t.addresses[first * size], batch, nullptr, nullptr,
                                         nullptr, found);
                              },
                              nullptr});
        candidates.push_back({lookup + "_one", corpus, name, name,
                              [=, &t](size_t first) {
                                  for (size_t i = 0; i < batch; i++) {
                                      uint32_t value;
                                      uint8_t length;
                                      bool member = simdinet_network_set_lookup(
                                          set, &t.addresses[(first + i) * size],
                                          static_cast<unsigned>(t.family), &value, &length);
                                      ones[i] = member ? value : UINT32_MAX;
                                      lengths[i] = length;
                                  }
                              },
                              [](size_t i) { return ones[i]; }});
    }
    std::vector<peer_network> networks(t.networks.size());
    for (size_t i = 0; i < networks.size(); i++) {
        memcpy(networks[i].address, t.networks[i].address, 16);
        networks[i].length = t.networks[i].prefix_length;
        networks[i].value = t.values[i];
    }
    for (const peer &p : peers) {
        if (p.family != t.family)
            continue;
        double start = seconds();
        size_t before = p.memory();
        peer_table *table = p.build(networks.data(), networks.size());
        if (!table) {
            printf("skipped: %s: no memory\n", p.name);
            continue;
        }
        printf("%s: %.1f MB, built in %.0f ms%s\n", p.name, megabytes(p.memory() - before),
               (seconds() - start) * 1e3, p.note);
        candidates.push_back({lookup, corpus, p.name, "",
                              [=, &t](size_t first) {
                                  p.lookup(table,
                                           t.family == 4
                                               ? static_cast<const void *>(&t.numbers[first])
                                               : &t.addresses[first * size],
                                           batch, peer_results);
                              },
                              [=](size_t i) { return p.value(peer_results, i); }});
    }
    measure(candidates, &t.expected);
    simdinet_free_network_set(set);
}

// A column of text, all of it addresses, half of them in a set of 100,000 networks.
void bench_text() {
    Table t = make_table(4, 100000, 0);
    make_lookups(t);
    std::vector<char> text;
    std::vector<int32_t> offsets = {0};
    for (size_t i = 0; i < lookups; i++) {
        char one[SIMDINET_IPV4_TEXT_SIZE];
        uint8_t *address = &t.addresses[i * 4];
        if (i % 2)
            memcpy(address, t.networks[random64() % t.networks.size()].address, 3);
        size_t len = simdinet_format_ipv4(address, one);
        text.insert(text.end(), one, one + len);
        offsets.push_back(static_cast<int32_t>(text.size()));
    }
    simdinet_network_set *set;
    if (simdinet_build_network_set(t.networks.data(), t.values.data(), t.networks.size(), 0,
                                   nullptr, &set, nullptr) != SIMDINET_SET_OK)
        exit(1);
    static uint8_t addresses[batch * 4], truncated[batch * 4];
    simdinet_network network = {{10}, 4, 8};
    const std::string corpus = "blocklist";
    std::vector<Candidate> candidates = {
        {"lookup_text", corpus, "parse", "",
         [&](size_t first) {
             simdinet_parse_ipv4_column(text.data(), &offsets[first], batch, nullptr, addresses,
                                        valid);
         },
         nullptr},
        {"lookup_text", corpus, "member", "",
         [&](size_t first) {
             simdinet_lookup_ipv4_text_column(set, text.data(), &offsets[first], batch, nullptr,
                                              nullptr, nullptr, found, nullptr);
         },
         nullptr},
        {"lookup_text", corpus, "value", "",
         [&](size_t first) {
             simdinet_lookup_ipv4_text_column(set, text.data(), &offsets[first], batch, nullptr,
                                              values, nullptr, found, nullptr);
         },
         nullptr},
        {"lookup_bytes", corpus, "member", "",
         [&](size_t first) {
             simdinet_lookup_ipv4_column(set, &t.addresses[first * 4], batch, nullptr, nullptr,
                                         nullptr, found);
         },
         nullptr},
        {"lookup_bytes", corpus, "value", "",
         [&](size_t first) {
             simdinet_lookup_ipv4_column(set, &t.addresses[first * 4], batch, nullptr, values,
                                         nullptr, found);
         },
         nullptr},
        {"lookup_network", corpus, "one network", "",
         [&](size_t first) {
             simdinet_network_contains_ipv4_column(&network, &t.addresses[first * 4], batch,
                                                   nullptr, found);
         },
         nullptr},
        {"truncate_ipv4", corpus, "simdinet", "",
         [&](size_t first) {
             simdinet_truncate_ipv4_column(&t.addresses[first * 4], batch, 24, truncated);
         },
         nullptr},
        {"truncate_ipv4", corpus, "memcpy", "",
         [&](size_t first) {
             memcpy(truncated, &t.addresses[first * 4], sizeof truncated);
             sink = truncated[first % sizeof truncated];
         },
         nullptr},
        {"classify_ipv4", corpus, "simdinet", "",
         [&](size_t first) {
             simdinet_classify_ipv4_column(&t.addresses[first * 4], batch, nullptr, values);
         },
         nullptr}};
    printf("\n## Columns, a set of 100,000 IPv4 networks, %.2f MB\n",
           megabytes(simdinet_network_set_size(set)));
    measure(candidates, nullptr);
    simdinet_free_network_set(set);
}

// ---- JSON, in Google Benchmark's format -----------------------------------------------------------

void write_json(FILE *out) {
    fprintf(out,
            "{\"context\": {\"simdinet\": \"%s\",\n"
            "\"operation lookup_ipv4\": \"IPv4 addresses to the values of a set\",\n"
            "\"operation lookup_ipv4_length\": \"to values and prefix lengths\",\n"
            "\"operation lookup_ipv4_member\": \"in a set or not\",\n"
            "\"operation lookup_ipv4_one\": \"one address a call, value and prefix length\",\n"
            "\"operation lookup_ipv6\": \"IPv6 addresses to the values of a set\",\n"
            "\"operation lookup_ipv6_length\": \"to values and prefix lengths\",\n"
            "\"operation lookup_ipv6_member\": \"in a set or not\",\n"
            "\"operation lookup_ipv6_one\": \"one address a call, value and prefix length\",\n"
            "\"operation lookup_text\": \"a column of IPv4 text in a set of 100,000 networks\",\n"
            "\"operation lookup_bytes\": \"the same addresses as bytes\",\n"
            "\"corpus bgp\": \"1,000,000 IPv4 or 250,000 IPv6 networks, 256 values\",\n"
            "\"corpus bgp-distinct\": \"1,000,000 IPv4 networks, a value of its own each\",\n"
            "\"corpus blocklist\": \"half in a set of 100,000 IPv4 networks\"},\n"
            "\"benchmarks\": [",
            simdinet_version());
    const char *separator = "";
    for (const Candidate &c : results)
        for (double time : c.times) {
            std::string name = c.operation + "/" + c.corpus + "/" + c.name;
            fprintf(out,
                    "%s\n{\"name\": \"%s\", \"run_name\": \"%s\", \"run_type\": \"iteration\", "
                    "\"iterations\": 1, \"real_time\": %.4f, \"cpu_time\": %.4f, "
                    "\"time_unit\": \"ns\", \"n\": %zu, \"items_per_second\": %.0f, "
                    "\"label\": \"%s\"}",
                    separator, name.c_str(), name.c_str(), time * 1e9, time * 1e9, batch, 1 / time,
                    c.right ? "right" : "WRONG");
            separator = ",";
        }
    fprintf(out, "\n]}\n");
}

} // namespace

int main(int argc, char **argv) {
    const char *path = nullptr;
    for (int i = 1; i < argc; i++) {
        if (!strncmp(argv[i], "--out=", 6))
            path = argv[i] + 6;
        else if (!strcmp(argv[i], "--quick"))
            repetitions = 3;
        else if (!strcmp(argv[i], "--repetitions") && i + 1 < argc)
            repetitions = static_cast<unsigned>(atoi(argv[++i]));
        else
            repetitions = 0;
    }
    if (repetitions == 0) {
        fprintf(stderr, "usage: bench_network [--out=FILE] [--quick] [--repetitions N]\n");
        return 2;
    }
    const peer *list = nullptr;
    size_t n_peers = network_peers_dpdk(&list);
    peers.assign(list, list + n_peers);
    if (n_peers == 0)
        printf("skipped: DPDK: not found at build time, or it could not start\n");
#if defined(BENCH_MAXMINDDB)
    peers.push_back(*network_peer_mmdb());
#else
    printf("skipped: libmaxminddb: not found at build time\n");
#endif
    Table next_hops = make_table(4, 1000000, 256);
    make_lookups(next_hops);
    make_expected(next_hops);
    bench_table(next_hops, "1,000,000 IPv4 networks, 256 values", "bgp");
    Table distinct = next_hops;
    for (size_t i = 0; i < distinct.values.size(); i++)
        distinct.values[i] = static_cast<uint32_t>(i);
    distinct.expected.clear();
    make_expected(distinct);
    std::vector<peer> all_peers;
    all_peers.swap(peers); // they store next hops, of 24 bits at most, in the same tables
    bench_table(distinct, "1,000,000 IPv4 networks, a value of its own each", "bgp-distinct");
    all_peers.swap(peers);
    Table ipv6 = make_table(6, 250000, 256);
    make_lookups(ipv6);
    make_expected(ipv6);
    bench_table(ipv6, "250,000 IPv6 networks, 256 values", "bgp");
    bench_text();
    if (path) {
        FILE *out = fopen(path, "w");
        if (!out) {
            perror(path);
            return 1;
        }
        write_json(out);
        if (fclose(out) != 0)
            return 1;
    }
    return wrong_results ? 1 : 0;
}
