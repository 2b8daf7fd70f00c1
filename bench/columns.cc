// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "columns.h"

#include <arpa/inet.h>

#include <cstdio>
#include <cstring>

void Columns::add(const char *text) {
    bytes += text;
    offsets.push_back(static_cast<int32_t>(bytes.size()));
    lines += text;
    lines += '\n';
    texts.append(text, strlen(text) + 1);
    count++;
}

// An IPv4 address is IPv4-mapped in a column of both families.
bool Columns::parse(const char *text, uint8_t *out, bool *is_ipv6) const {
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    *is_ipv6 = family == 6;
    if (family)
        return inet_pton(family == 4 ? AF_INET : AF_INET6, text, out) == 1;
    if (inet_pton(AF_INET, text, out + 12) == 1) {
        memcpy(out, mapped, sizeof mapped);
        return true;
    }
    *is_ipv6 = inet_pton(AF_INET6, text, out) == 1;
    return *is_ipv6;
}

namespace {

std::string octets(const char *format, std::mt19937 &random, unsigned wrong) {
    char text[64];
    unsigned o[4];
    for (unsigned i = 0; i < 4; i++)
        o[i] = random() % 256 + (i == wrong ? 256 : 0);
    snprintf(text, sizeof text, format, o[0], o[1], o[2], o[3]);
    return text;
}

} // namespace

std::string Columns::invalid_text(std::mt19937 &random,
                                  const std::vector<const corpus *> &corpora) const {
    static const char *const words[] = {"-",    "",     "unknown", "localhost", "none",
                                        "NULL", "null", "n/a",     "*",         "hidden"};
    static const char *const domains[] = {".com", ".example.org", ".internal", ".local"};
    static const char *const damaged[] = {"%03u.%u.%u.%u", "%u.0%u.%u.%u", "%u.%u.%u",
                                          "%u.%u.%u.%u.",  "%u.%u..%u",    "%u,%u,%u,%u"};
    static const char *const suffixes[] = {":443", "/24", "%eth0", " "};
    const corpus *c = corpora[random() % corpora.size()];
    const std::string address = c->pool + c->offsets[random() % c->count];
    switch (random() % 8) {
    case 0:
    case 1:
        return words[random() % 10];
    case 2:
        return "host" + std::to_string(random() % 10000) + domains[random() % 4];
    case 3:
        return std::to_string(random() >> random() % 32);
    case 4:
        return octets("dsl-%u-%u-%u-%u.dyn.isp.example.com", random, 4);
    case 5:
        return octets("%u.%u.%u.%u", random, random() % 4);
    case 6:
        return octets(damaged[random() % 6], random, 4);
    default: // in a column of one family, an address of the other one
        if (family == 4 && random() % 2)
            return "2001:db8::" + std::to_string(random() % 10000);
        if (family == 6 && random() % 2)
            return octets("%u.%u.%u.%u", random, 4);
        return address + suffixes[random() % 4];
    }
}

Columns::Columns(const std::vector<const corpus *> &corpora, unsigned share)
    : family(corpora.size() == 1 ? corpora[0]->family : 0), size(family == 4 ? 4 : 16) {
    std::mt19937 random(CORPUS_SEED);
    for (size_t i = 0; i < corpora[0]->count; i++) {
        const corpus *c = corpora[random() % corpora.size()];
        const char *text = c->pool + c->offsets[i % c->count];
        std::string invalid;
        if (random() % 1000 < share) {
            uint8_t address[16];
            bool is_ipv6;
            do
                invalid = invalid_text(random, corpora);
            while (parse(invalid.c_str(), address, &is_ipv6));
            text = invalid.c_str();
        }
        add(text);
    }
    addresses.resize(count * size);
    valid.resize((count + 7) / 8);
    families.resize((count + 7) / 8);
    good = libc(addresses.data(), valid.data(), families.data());
}

size_t Columns::libc(uint8_t *out, uint8_t *bits, uint8_t *bits_ipv6) const {
    const char *text = texts.data();
    size_t accepted = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_ipv6;
        const bool right = parse(text, out + i * size, &is_ipv6);
        if (!right)
            memset(out + i * size, 0, size);
        if (i % 8 == 0)
            bits[i / 8] = bits_ipv6[i / 8] = 0;
        bits[i / 8] = static_cast<uint8_t>(bits[i / 8] | right << i % 8);
        if (family == 0)
            bits_ipv6[i / 8] = static_cast<uint8_t>(bits_ipv6[i / 8] | is_ipv6 << i % 8);
        accepted += right;
        text += offsets[i + 1] - offsets[i] + 1;
    }
    return accepted;
}
