/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fuzz_packet.c - the IP headers of a captured packet, whose last byte is followed by an unmapped page. Checks that
 * each address lies within the packet, after those of the header before it, and that the outer header does not depend
 * on whether inner ones are searched.
 *
 * Input: a byte for the link type, the packet.
 */
#include "cli/packet.h"
#include "fuzz.h"

static void check_header(const uint8_t *packet, size_t len, const ip_header *header) {
    const size_t size = header->family == 4 ? 4 : 16;
    const size_t source = (size_t)(header->source - packet);
    const size_t destination = (size_t)(header->destination - packet);
    if (header->family != 4 && header->family != 6)
        fail(packet, len, "packet: family %u", header->family);
    if (header->source < packet || destination != source + size || destination + size > len)
        fail(packet, len, "packet: addresses at %zu and %zu of %zu bytes", source, destination,
             len);
    /* They are at 12 of a header of IPv4, and at 8 of one of IPv6. */
    const size_t begin = source - (header->family == 4 ? 12 : 8);
    if (begin >= source || packet[begin] >> 4 != header->family)
        fail(packet, len, "packet: no header of IPv%u at %zu", header->family, begin);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = {data, size};
    const link_type link = (link_type)take_below(&in, LINK_HDLC + 1);
    if (in.size > AREA_SIZE)
        return 0;
    const uint8_t *packet = (const uint8_t *)area_copy_at_end(0, in.data, in.size);
    ip_header outer[MAX_IP_HEADERS], all[MAX_IP_HEADERS];
    const size_t n_outer = find_ip_headers(link, packet, in.size, false, outer);
    const size_t n = find_ip_headers(link, packet, in.size, true, all);
    if (n_outer > 1 || n > MAX_IP_HEADERS || (n > 0) != (n_outer > 0))
        fail(packet, in.size, "packet: %zu headers, %zu outer ones", n, n_outer);
    if (n > 0 && (outer->family != all->family || outer->source != all->source ||
                  outer->destination != all->destination))
        fail(packet, in.size, "packet: another outer header");
    for (size_t i = 0; i < n; i++) {
        check_header(packet, in.size, &all[i]);
        if (i > 0 && all[i].source < all[i - 1].destination)
            fail(packet, in.size, "packet: header %zu begins within the one before", i);
    }
    return 0;
}
