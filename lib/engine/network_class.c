/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * network_class.c - the classes of an address.
 */
#include <string.h>

#include "network_bits.h"
#include "network_class_table.h"

static const struct {
    uint32_t flag;
    const char *name;
} class_names[] = {
    {SIMDINET_CLASS_UNSPECIFIED, "unspecified"},
    {SIMDINET_CLASS_THIS_NETWORK, "this-network"},
    {SIMDINET_CLASS_LOOPBACK, "loopback"},
    {SIMDINET_CLASS_PRIVATE, "private"},
    {SIMDINET_CLASS_SHARED, "shared"},
    {SIMDINET_CLASS_LINK_LOCAL, "link-local"},
    {SIMDINET_CLASS_UNIQUE_LOCAL, "unique-local"},
    {SIMDINET_CLASS_MULTICAST, "multicast"},
    {SIMDINET_CLASS_BROADCAST, "broadcast"},
    {SIMDINET_CLASS_DOCUMENTATION, "documentation"},
    {SIMDINET_CLASS_BENCHMARKING, "benchmarking"},
    {SIMDINET_CLASS_RESERVED, "reserved"},
    {SIMDINET_CLASS_PROTOCOL, "protocol"},
    {SIMDINET_CLASS_MAPPED, "mapped"},
    {SIMDINET_CLASS_6TO4, "6to4"},
    {SIMDINET_CLASS_TEREDO, "teredo"},
    {SIMDINET_CLASS_NAT64, "nat64"},
    {SIMDINET_CLASS_DISCARD, "discard"},
    {SIMDINET_CLASS_GLOBAL, "global"},
};

enum { CLASS_NAMES = sizeof class_names / sizeof class_names[0] };

/* The classes of the last of the blocks from first to last that contains the address. */
static uint32_t search_class_blocks(unsigned first, unsigned last, bits128 address) {
    for (unsigned i = last;; i--) {
        const class_block *block = &simdinet_class_blocks[i];
        uint64_t different = ((address.high ^ block->high) & block->high_mask) |
                             ((address.low ^ block->low) & block->low_mask);
        if (different == 0 || i == first)
            return block->classes;
    }
}

static uint32_t classify_ipv4(const uint8_t *address) {
    return search_class_blocks(0, IPV4_CLASS_BLOCKS - 1, address_load(address, 4));
}

uint32_t simdinet_classify(const uint8_t *address, unsigned family) {
    if (family == 4)
        return classify_ipv4(address);
    if (family != 6)
        return 0;
    uint32_t classes =
        search_class_blocks(IPV4_CLASS_BLOCKS, CLASS_BLOCKS - 1, address_load(address, 6));
    return classes == SIMDINET_CLASS_MAPPED ? classes | classify_ipv4(address + 12) : classes;
}

const char *simdinet_class_name(uint32_t classes) {
    for (unsigned i = 0; i < CLASS_NAMES; i++)
        if (class_names[i].flag == classes)
            return class_names[i].name;
    return NULL;
}

uint32_t simdinet_class_by_name(const char *name, size_t len) {
    for (unsigned i = 0; i < CLASS_NAMES; i++)
        if (strlen(class_names[i].name) == len && memcmp(class_names[i].name, name, len) == 0)
            return class_names[i].flag;
    return 0;
}

bool simdinet_describe_class_block(size_t index, simdinet_class_block *out) {
    if (index >= CLASS_BLOCKS)
        return false;
    const class_block *block = &simdinet_class_blocks[index];
    *out = (simdinet_class_block){.network = {{0}, block->family, block->prefix_length},
                                  .classes = block->classes,
                                  .name = block->name,
                                  .source = block->source};
    bits128_store(out->network.address, (bits128){block->high, block->low});
    return true;
}
