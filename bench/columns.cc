// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "columns.h"

#include <arpa/inet.h>

#include <cstring>
#include <random>

void Columns::add(const char *text) {
    bytes += text;
    offsets.push_back(static_cast<int32_t>(bytes.size()));
    lines += text;
    lines += '\n';
    texts.append(text, strlen(text) + 1);
    count++;
}

Columns::Columns(const corpus *c, const corpus *damaged, unsigned share)
    : family(c->family), size(c->size) {
    std::mt19937 random(CORPUS_SEED);
    std::vector<const char *> wrong;
    for (size_t i = 0; damaged && i < damaged->count; i++) {
        const char *text = damaged->pool + damaged->offsets[i];
        uint8_t address[16];
        if (inet_pton(family == 4 ? AF_INET : AF_INET6, text, address) != 1)
            wrong.push_back(text);
    }
    for (size_t i = 0; i < c->count; i++) {
        bool replace = random() % 1000 < share && !wrong.empty();
        add(replace ? wrong[random() % wrong.size()] : c->pool + c->offsets[i]);
    }
    addresses.resize(count * size);
    valid.resize((count + 7) / 8);
    good = libc(addresses.data(), valid.data());
}

size_t Columns::libc(uint8_t *out, uint8_t *bits) const {
    const int af = family == 4 ? AF_INET : AF_INET6;
    const char *text = texts.data();
    size_t accepted = 0;
    for (size_t i = 0; i < count; i++) {
        bool right = inet_pton(af, text, out + i * size) == 1;
        if (!right)
            memset(out + i * size, 0, size);
        if (i % 8 == 0)
            bits[i / 8] = 0;
        bits[i / 8] = static_cast<uint8_t>(bits[i / 8] | right << i % 8);
        accepted += right;
        text += offsets[i + 1] - offsets[i] + 1;
    }
    return accepted;
}
