/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "label_source.h"

static bool find_in_database(label_database *database, const uint8_t *address, bool ipv6,
                             address_label *out) {
    simdinet_network network;
    const database_label *found = &out->found;
    if (!label_database_find(database, address, ipv6, &out->found))
        return false;
    simdinet_make_network(found->first, found->ipv6 ? 6 : 4, found->prefix_length, &network);
    out->network_len = simdinet_format_network(&network, out->network);
    out->label = found->label;
    out->label_len = found->label_len;
    return true;
}

bool label_source_find(const label_source *source, const uint8_t *address, bool ipv6,
                       address_label *out) {
    network_label found;
    out->network_len = out->label_len = 0;
    out->label = "";
    if (source->database)
        return find_in_database(source->database, address, ipv6, out);
    if (!network_labels_find(source->networks, address, ipv6, &found))
        return false;
    out->network_len = network_range_format(&found.range, out->network);
    out->label = found.label;
    out->label_len = found.label_len;
    return true;
}

void label_source_name(const label_source *source, const uint8_t *address, bool ipv6,
                       address_label *out) {
    label_source_find(source, address, ipv6, out);
    if (out->label_len == 0 && !source->database) {
        out->label = out->network;
        out->label_len = out->network_len;
    }
    out->network_len = 0;
}

bool label_source_failed(const label_source *source) {
    return source->database && label_database_failed(source->database);
}
