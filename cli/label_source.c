/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "label_source.h"

bool label_source_find(const label_source *source, const uint8_t *address, bool ipv6,
                       address_label *out) {
    network_label found;
    out->network_len = out->label_len = 0;
    out->label = "";
    if (!network_labels_find(source->networks, address, ipv6, &found))
        return false;
    out->network_len = network_range_format(&found.range, out->network);
    out->label = found.label;
    out->label_len = found.label_len;
    return true;
}
